import Glibc

/// Holds a file for one process: an advisory lock on a file beside it, which the kernel frees with the
/// process, however that ends.
final class FileLock {
    /// Why there is no lock.
    enum Failure: Error, Equatable {
        /// Another process has it.
        case taken
        /// The file cannot be opened; the errno.
        case unopenable(Int32)
    }

    private let descriptor: Int32

    /// Takes the lock, or fails at once. The file stays when the lock is freed: removing it would let two
    /// processes hold two files of one name.
    init(path: String) throws(Failure) {
        // Read only, so that a lock file that another user made does not stand in the way.
        let opened = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw .unopenable(errno) }
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(opened)
            throw code == EWOULDBLOCK ? .taken : .unopenable(code)
        }
        // Last: an initialiser that throws once all is set runs `deinit`, which would close it again.
        descriptor = opened
    }

    deinit { close(descriptor) }
}
