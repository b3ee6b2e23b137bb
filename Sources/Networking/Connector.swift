internal import CLinux
import Glibc
import Time

/// One attempt to connect to one address, without making the loop wait.
package final class Connector: ReadinessHandler, TimerHandler {
    /// Either the connection, reading from the next turn on (set its delegate before this one ends), or the
    /// kernel's reason; ETIMEDOUT where the time limit passed first.
    package typealias Outcome = Result<TCPSocket, SystemError>

    private let loop: EventLoop
    private let address: SocketAddress
    private var descriptor: Descriptor
    private var registration = Registration.none
    private var timer: TimerID?
    /// What the kernel said at once; told in the next turn.
    private var failure: SystemError?
    /// Nil once told or cancelled.
    private var completion: ((Outcome) -> Void)?

    /// Connects to `address`; the outcome comes later, on the loop, within `limit`. The result is needed only
    /// to cancel.
    @discardableResult
    package static func connect(
        to address: SocketAddress, on loop: EventLoop, within limit: Duration,
        completion: @escaping (Outcome) -> Void
    ) -> Connector {
        Connector(address, loop, limit, completion)
    }

    private init(
        _ address: SocketAddress, _ loop: EventLoop, _ limit: Duration,
        _ completion: @escaping (Outcome) -> Void
    ) {
        self.loop = loop
        self.address = address
        self.completion = completion
        descriptor = Descriptor(-1)
        var deadline = loop.now + limit
        do {
            try start()
        } catch {
            failure = error
            deadline = loop.now
        }
        timer = loop.schedule(self, at: deadline)
    }

    /// Gives up: the completion is dropped. Harmless once it was called.
    package func cancel() {
        completion = nil
        finish()
        descriptor.close()
    }

    /// The kernel has decided.
    package func ready(_ readiness: Readiness) {
        finish()
        do {
            try check()
            tell(.success(try TCPSocket(take(), from: address, on: loop)))
        } catch {
            descriptor.close()
            tell(.failure(error))
        }
    }

    /// The time is over, or the kernel refused at once.
    package func timerFired(token: Int) {
        timer = nil
        finish()
        descriptor.close()
        tell(.failure(failure ?? SystemError("connect", ETIMEDOUT)))
    }

    private func start() throws(SystemError) {
        descriptor = Descriptor(
            try checkedCall("socket") { socket(address.family, LINUX_STREAM_SOCKET, 0) })
        let number = descriptor.number
        let result = address.withSystemAddress { Glibc.connect(number, $0, $1) }
        // EINTR too leaves the attempt under way. Where it is over already, epoll says so at once.
        if result != 0, errno != EINPROGRESS, errno != EINTR { throw SystemError("connect", errno) }
        registration = try loop.register(number, for: .writable, handler: self)
    }

    private func check() throws(SystemError) {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &length)
        if code != 0 { throw SystemError("connect", code) }
        // Without a listener the kernel may choose the very port as ours and connect the socket to itself.
        if try SocketAddress(localOf: descriptor.number) == address {
            throw SystemError("connect", ECONNREFUSED)
        }
    }

    private func take() -> Descriptor {
        var taken = Descriptor(-1)
        swap(&taken, &descriptor)
        return taken
    }

    private func finish() {
        if let timer { loop.cancel(timer) }
        timer = nil
        loop.unregister(registration, descriptor.number)
        registration = .none
    }

    private func tell(_ outcome: Outcome) {
        let completion = completion
        self.completion = nil
        completion?(outcome)
    }
}
