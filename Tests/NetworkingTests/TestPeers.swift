import Bytes
import Glibc
import Testing

@testable import Networking

/// A plain blocking client, the other end of the sockets under test.
final class TestPeer {
    let descriptor: Int32

    /// Connects to `address`; a small `receiveBuffer` makes it a slow reader.
    init(to address: SocketAddress, receiveBuffer: Int32? = nil) {
        descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        let result = address.withSystemAddress { connect(descriptor, $0, $1) }
        precondition(result == 0, "the test's client cannot connect: \(errno)")
    }

    deinit { if isOpen { close() } }

    private var isOpen = true

    /// Sends all of `bytes`.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, 0)
            }
            precondition(count > 0, "the test's client cannot send: \(errno)")
            sent += count
        }
    }

    /// What has come, at most `limit` bytes; nil for nothing yet, empty for the end.
    func receive(_ limit: Int = 65536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &buffer, limit, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : [UInt8](buffer[..<count])
    }

    /// What comes within some seconds.
    func receiveSoon() -> [UInt8]? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&waiting, 1, 5000)
        return receive()
    }

    /// Whether the connection was reset.
    var wasReset: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) < 0 && errno == ECONNRESET
    }

    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() {
        isOpen = false
        _ = Glibc.close(descriptor)
    }

    /// Closes with a reset instead of an end.
    func reset() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}

/// Accepts connections and writes down what it is told.
final class Recorder: ListenerDelegate, TCPSocketDelegate {
    var sockets: [TCPSocket] = []
    var bytes: [UInt8] = []
    var calls = 0
    var ended = 0
    var drainedAt: [Int] = []
    var reasons: [ConnectionEnd] = []
    var takesSockets = true
    /// What everybody is told instead of being let in.
    var refusal: [UInt8]?
    var farewell: [UInt8] = []
    var onReceived: (TCPSocket) -> Void = { _ in }

    func judge(_ remote: SocketAddress, by listener: Listener) -> ListenerVerdict {
        refusal.map { .refused(telling: $0) } ?? .welcome
    }

    func farewell(by listener: Listener) -> [UInt8] { farewell }

    func accepted(_ socket: TCPSocket, by listener: Listener) {
        if takesSockets { socket.delegate = self }
        sockets.append(socket)
    }

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        #expect(reasons.isEmpty || sockets.count > 1)
        calls += 1
        self.bytes.append(bytes)
        onReceived(socket)
    }

    func peerEnded(_ socket: TCPSocket) { ended += 1 }
    func drained(_ socket: TCPSocket) { drainedAt.append(socket.queuedBytes) }
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) { reasons.append(reason) }
}

/// A loop with a listener on a free port of the loopback.
struct TestServer {
    let loop: EventLoop
    let recorder = Recorder()
    let listener: Listener

    init(_ address: String = "127.0.0.1:0", readBufferSize: Int = 64 * 1024) throws {
        loop = try EventLoop(readBufferSize: readBufferSize)
        listener = try Listener(
            on: loop, address: try SocketAddress(address), backlog: 512, reusesPort: false, delegate: recorder
        )
    }

    /// A connected pair.
    func connect(receiveBuffer: Int32? = nil) throws -> (peer: TestPeer, socket: TCPSocket) {
        let peer = TestPeer(to: listener.boundAddress, receiveBuffer: receiveBuffer)
        let count = recorder.sockets.count
        #expect(try loop.turns { recorder.sockets.count > count })
        return (peer, recorder.sockets[recorder.sockets.count - 1])
    }
}

extension EventLoop {
    /// Takes turns until `condition` holds; false where it does not within some seconds.
    func turns(until condition: () -> Bool) throws -> Bool {
        for _ in 0..<2000 {
            if condition() { return true }
            try turn(sleepingAtMost: .milliseconds(5))
        }
        return condition()
    }
}
