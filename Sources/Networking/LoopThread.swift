internal import CLinux
import Glibc

/// A thread with an event loop of its own.
package final class LoopThread: Sendable {
    private let thread: pthread_t
    private let isJoined = Lock(false)

    /// Starts a thread named `name` (the kernel shows 15 bytes of it) that runs `body` with a fresh loop; the
    /// thread ends when `body` returns, and the loop is dismantled then. One read of a socket brings at most
    /// `readBufferSize` bytes.
    package init(
        name: String, readBufferSize: Int = 64 * 1024, body: @escaping @Sendable (EventLoop) -> Void
    ) throws(SystemError) {
        let start = ThreadStart(loop: try EventLoop(readBufferSize: readBufferSize), body: body)
        let handed = Unmanaged.passRetained(start)
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, runThread, handed.toOpaque())
        guard code == 0 else {
            handed.release()
            throw SystemError("pthread_create", code)
        }
        self.thread = thread
        pthread_setname_np(thread, String(decoding: name.utf8.prefix(15), as: UTF8.self))
    }

    /// Waits until the thread has ended. Every loop thread is joined, once or more often.
    package func join() {
        isJoined.withLock { isJoined in
            if isJoined { return }
            pthread_join(thread, nil)
            isJoined = true
        }
    }
}

/// What the new thread needs; the old one gives it away and touches it no more.
private final class ThreadStart {
    let loop: EventLoop
    let body: @Sendable (EventLoop) -> Void

    init(loop: EventLoop, body: @escaping @Sendable (EventLoop) -> Void) {
        self.loop = loop
        self.body = body
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let start = Unmanaged<ThreadStart>.fromOpaque(argument!).takeRetainedValue()
    start.body(start.loop)
    start.loop.dismantle()
    return nil
}
