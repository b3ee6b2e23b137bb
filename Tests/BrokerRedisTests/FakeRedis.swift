import Bytes
import Networking

/// Something that listens where Redis should: answers whatever comes with the same bytes, and may hang up.
final class FakeRedis: ListenerDelegate, TCPSocketDelegate {
    private var listener: Listener!
    private let answer: String
    private let hangsUp: Bool
    private(set) var connections = 0

    init(on loop: EventLoop, answering answer: String, hangsUp: Bool = false) throws {
        (self.answer, self.hangsUp) = (answer, hangsUp)
        listener = try Listener(
            on: loop, address: SocketAddress("127.0.0.1:0"), backlog: 16, reusesPort: false, delegate: self)
    }

    var url: String { "redis://\(listener.boundAddress)" }

    func accepted(_ socket: TCPSocket, by listener: Listener) {
        connections += 1
        socket.delegate = self
    }

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        socket.send(copying: Array(answer.utf8).span)
        if hangsUp { socket.closeAfterFlush() }
    }

    func peerEnded(_ socket: TCPSocket) { socket.closeAfterFlush() }
    func drained(_ socket: TCPSocket) {}
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) {}
}
