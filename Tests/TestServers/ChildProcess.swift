package import Glibc
import Synchronization

/// A process of ours, with a thread of ours that lives exactly as long.
///
/// The thread is needed because our servers ask the kernel to be killed when their parent ends, and for the
/// kernel the parent is the *thread* that started them: one of a pool may end long before the tests do.
package final class ChildProcess: Sendable {
    /// The process's number.
    package let number: pid_t
    /// Our end of a pair of sockets; the other one is closed when the process has ended.
    private let ended: Int32
    private let watch: ChildWatch

    /// Starts `arguments[0]`, found in PATH, with no input; its output and its complaints are appended to the
    /// file `log`.
    package init(_ arguments: [String], log: String) throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
        else { throw TestServerError(description: "socketpair: errno \(errno)") }
        let watch = ChildWatch(arguments: arguments, log: log, signal: ends[1])
        var thread = pthread_t()
        let handed = Unmanaged.passRetained(watch)
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<ChildWatch>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, handed.toOpaque())
        guard code == 0 else {
            handed.release()
            throw TestServerError(description: "pthread_create: errno \(code)")
        }
        pthread_detach(thread)
        // The thread says the number of the process, or minus the reason why there is none.
        var answer: Int32 = 0
        while recv(ends[0], &answer, 4, Int32(MSG_WAITALL)) < 0 && errno == EINTR {}
        (number, ended, self.watch) = (answer, ends[0], watch)
        if answer <= 0 {
            throw TestServerError(
                description: "cannot run \(arguments[0]): \(String(cString: strerror(-answer)))")
        }
    }

    deinit { close(ended) }

    /// Sends it a signal; nothing where it has ended.
    package func signal(_ signal: Int32) { watch.signal(number, signal) }

    /// Waits until it has ended, for at most `milliseconds`; says whether it has.
    @discardableResult
    package func waitForEnd(milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: ended, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) == 1
    }

    /// How it ended, as wait(2) tells it; nil while it runs.
    package var status: Int32? { watch.status }

    /// The processes it started itself.
    package var children: [pid_t] {
        read(file: "/proc/\(number)/task/\(number)/children")?.split(separator: " ").compactMap {
            pid_t($0)
        } ?? []
    }

    /// Whether a process still runs: not ended, and no zombie.
    package static func isRunning(_ number: pid_t) -> Bool {
        // The state follows the name, which is in parentheses and may hold any of them itself.
        guard let stat = read(file: "/proc/\(number)/stat"), let name = stat.lastIndex(of: ")") else {
            return false
        }
        return !["Z", "X"].contains(stat[stat.index(after: name)...].prefix(2).last)
    }
}

/// What the thread of a process knows.
private final class ChildWatch: Sendable {
    private let arguments: [String]
    private let log: String
    private let socket: Int32
    private let state = Mutex<Int32?>(nil)

    init(arguments: [String], log: String, signal: Int32) {
        (self.arguments, self.log, socket) = (arguments, log, signal)
    }

    var status: Int32? { state.withLock { $0 } }

    /// Under the lock, so that a number that was reaped, and may be a stranger's by now, is never signalled.
    func signal(_ number: pid_t, _ signal: Int32) {
        state.withLock { if $0 == nil { kill(number, signal) } }
    }

    func run() {
        var answer = start()
        Glibc.send(socket, &answer, 4, Int32(MSG_NOSIGNAL))
        if answer > 0 {
            var information = siginfo_t()
            while waitid(P_PID, id_t(answer), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
            state.withLock { state in
                var status: Int32 = 0
                waitpid(answer, &status, 0)
                state = status
            }
        }
        close(socket)
    }

    private func start() -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A test process may block signals; a server must not inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var number = pid_t()
        let code = posix_spawnp(&number, words[0]!, &actions, &attributes, &words, environ)
        return code == 0 ? number : -code
    }
}

/// The text of a file; nil where there is none.
func read(file path: String) -> String? {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count <= 0 { return String(decoding: text, as: UTF8.self) }
        text += buffer[..<count]
    }
}
