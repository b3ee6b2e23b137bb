import Glibc

/// Which file stands under a path. A database that was moved away or deleted takes commits that nobody will
/// find again, and SQLite does not mind.
struct FilePlace {
    private let path: String
    private let device: dev_t
    private let number: ino_t

    /// The file that stands there now; nil where none does.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.path = path
        (device, number) = (status.st_dev, status.st_ino)
    }

    /// Whether that file still stands there.
    var isKept: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_dev == device && status.st_ino == number
    }
}
