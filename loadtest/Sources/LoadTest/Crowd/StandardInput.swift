import Glibc
import Networking

/// Waits for a line, or the end, of standard input, which must be a pipe, a socket or a terminal.
final class StandardInput: ReadinessHandler {
    private let loop: EventLoop
    private let completion: () -> Void
    private var registration: Registration?

    /// Calls `completion` once, on the loop.
    static func awaitLine(on loop: EventLoop, completion: @escaping () -> Void) throws(SystemError) {
        let input = StandardInput(loop, completion)
        input.registration = try loop.register(STDIN_FILENO, for: .readable, handler: input)
    }

    private init(_ loop: EventLoop, _ completion: @escaping () -> Void) {
        self.loop = loop
        self.completion = completion
    }

    func ready(_ readiness: Readiness) {
        var chunk = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count <= 0 || chunk[..<count].contains(UInt8(ascii: "\n")) else { return }
        guard let registration = registration.take() else { return }
        loop.unregister(registration, STDIN_FILENO)
        completion()
    }
}
