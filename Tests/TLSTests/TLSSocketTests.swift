import Bytes
import Networking
import TestKit
import Testing

@testable import TLS

/// Writes down what one end of a connection is told.
private final class SecureEnd: TCPSocketDelegate {
    let socket: TCPSocket
    let stream: TLSStream
    var bytes: [UInt8] = []
    var calls = 0
    var ended = 0
    var drained = 0
    var reason: ConnectionEnd?
    var onReceived: () -> Void = {}

    init(_ socket: TCPSocket, _ stream: TLSStream) {
        (self.socket, self.stream) = (socket, stream)
        socket.delegate = self
        socket.install(stream)
    }

    func received(_ bytes: Span<UInt8>, on socket: TCPSocket) {
        self.bytes.append(bytes)
        calls += 1
        onReceived()
    }
    func peerEnded(_ socket: TCPSocket) { ended += 1 }
    func drained(_ socket: TCPSocket) { drained += 1 }
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd) { self.reason = reason }
}

/// Both ends of a TLS connection over the loopback, on one loop.
private final class SecurePair: ListenerDelegate {
    let loop: EventLoop
    private let engine = TLSEngine()
    private let serverSide: TLSContext
    private var listener: Listener?
    private(set) var server: SecureEnd!
    private(set) var client: SecureEnd!

    init(_ authority: TestAuthority, readBufferSize: Int = 64 * 1024) throws {
        loop = try EventLoop(readBufferSize: readBufferSize)
        serverSide = try authority.server()
        let clientSide = try authority.client()
        let listener = try Listener(
            on: loop, address: SocketAddress("127.0.0.1:0"), backlog: 5, reusesPort: false, delegate: self)
        self.listener = listener
        Connector.connect(to: listener.boundAddress, on: loop, within: .seconds(5)) { [engine] outcome in
            guard case .success(let socket) = outcome else { return }
            let stream = TLSStream(connecting: clientSide, engine: engine, to: "localhost", resuming: nil)
            self.client = SecureEnd(socket, stream)
        }
        #expect(try turns { self.client != nil && self.server != nil })
    }

    func accepted(_ socket: TCPSocket, by listener: Listener) {
        server = SecureEnd(socket, TLSStream(accepting: serverSide, engine: engine))
    }

    /// Takes turns until `condition` holds; false where it does not within some seconds.
    func turns(until condition: () -> Bool) throws -> Bool {
        for _ in 0..<2_000 {
            if condition() { return true }
            try loop.turn(sleepingAtMost: .milliseconds(5))
        }
        return condition()
    }

    func end() {
        listener?.close()
        loop.dismantle()
    }
}

@Suite("TLS on real connections")
struct TLSSocketTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    @Test("bytes sent before the handshake is done follow it, and idle sockets own no buffer")
    func early() throws {
        let pair = try SecurePair(authority)
        pair.client.socket.send(copying: [1, 2].span)
        pair.server.socket.send(copying: [3].span)
        #expect(pair.client.socket.queuedBytes >= 2)
        #expect(try pair.turns { pair.server.bytes == [1, 2] && pair.client.bytes == [3] })
        #expect(try pair.turns { pair.client.socket.ownsNoBuffer && pair.server.socket.ownsNoBuffer })
        #expect(pair.server.socket.queuedBytes == 0)
        pair.end()
    }

    @Test("megabytes go both ways at once, also by reads of a few bytes", arguments: [64 * 1_024, 1_000, 7])
    func bigTransfers(_ readBufferSize: Int) throws {
        let pair = try SecurePair(authority, readBufferSize: readBufferSize)
        let size = readBufferSize > 1_000 ? 3_000_000 : 50_000
        let there = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        let back = SharedBytes((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 17) })
        pair.client.socket.send(copying: there.span)
        pair.server.socket.send(back)
        #expect(try pair.turns { pair.server.bytes.count == size && pair.client.bytes.count == size })
        #expect(pair.server.bytes == there)
        #expect(pair.client.bytes == [UInt8](back.span))
        pair.end()
    }

    @Test("who pauses in the middle is given nothing, later everything, and drained is told at the mark")
    func pauses() throws {
        let pair = try SecurePair(authority)
        let size = 4_000_000
        let sent = SharedBytes((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 19) })
        pair.server.socket.lowWaterMark = 100_000
        pair.client.onReceived = { pair.client.socket.pauseReading() }
        pair.server.socket.send(sent)
        var rounds = 0
        while pair.client.bytes.count < size, rounds < 5_000 {
            let before = pair.client.calls
            #expect(try pair.turns { pair.client.calls > before })
            // Paused in its call, so a turn brings no second one.
            try pair.loop.turn(sleepingAtMost: .zero)
            #expect(pair.client.calls == before + 1)
            pair.client.socket.resumeReading()
            rounds += 1
        }
        #expect(pair.client.bytes == [UInt8](sent.span))
        #expect(try pair.turns { pair.server.drained == 1 })
        #expect(pair.client.socket.ownsNoBuffer)
        pair.end()
    }

    @Test("an end behind bytes that were held back is told after them")
    func endWhilePaused() throws {
        let pair = try SecurePair(authority)
        let sent = SharedBytes([UInt8](repeating: 6, count: 300_000))
        pair.server.onReceived = { pair.server.socket.pauseReading() }
        #expect(try pair.turns { pair.client.stream.isReady })
        pair.client.socket.send(sent)
        pair.client.socket.closeAfterFlush()
        var rounds = 0
        while pair.server.ended == 0, rounds < 2_000 {
            _ = try pair.loop.turn(sleepingAtMost: .milliseconds(1))
            if pair.server.ended > 0 { #expect(pair.server.bytes.count == 300_000) }
            pair.server.socket.resumeReading()
            rounds += 1
        }
        #expect(pair.server.bytes.count == 300_000 && !pair.server.stream.isTruncated)
        pair.end()
    }

    @Test("both sides close cleanly, and what was queued arrives before the end")
    func closes() throws {
        let pair = try SecurePair(authority)
        pair.server.socket.send(copying: [1, 2, 3].span)
        #expect(try pair.turns { pair.client.bytes == [1, 2, 3] })
        pair.server.socket.send(SharedBytes([UInt8](repeating: 1, count: 500_000)))
        pair.server.socket.closeAfterFlush()
        #expect(try pair.turns { pair.client.ended == 1 })
        #expect(pair.client.bytes.count == 500_003 && !pair.client.stream.isTruncated)
        pair.client.socket.closeAfterFlush()
        #expect(try pair.turns { pair.server.reason != nil && pair.client.reason != nil })
        #expect(pair.server.reason == .finished)
        pair.end()
    }

    @Test("a connection that is cut is told as an end, and known for one without a word")
    func cut() throws {
        let pair = try SecurePair(authority)
        pair.client.socket.send(copying: [1].span)
        #expect(try pair.turns { pair.server.bytes == [1] })
        pair.client.socket.abort()
        #expect(try pair.turns { pair.server.reason != nil })
        #expect(pair.server.ended == 0)
        pair.end()
    }

    @Test("closing before the handshake is done drops what waits for it, at once")
    func closesEarly() throws {
        let pair = try SecurePair(authority)
        #expect(!pair.server.stream.isReady)
        pair.server.socket.send(copying: [1].span)
        pair.server.socket.closeAfterFlush()
        #expect(try pair.turns { pair.client.ended == 1 || pair.client.reason != nil })
        #expect(pair.client.bytes.isEmpty)
        pair.client.socket.abort()
        #expect(try pair.turns { pair.server.reason != nil })
        pair.end()
    }

    @Test("a side that cannot go on tells the other, and both are closed")
    func fails() throws {
        let pair = try SecurePair(authority)
        #expect(try pair.turns { pair.server.stream.isReady && pair.client.stream.isReady })
        // A record of nothing: no cipher of ours makes it.
        let nonsense: [UInt8] = [23, 3, 3, 0, 0]
        pair.client.stream.wire.append(copying: nonsense.span)
        pair.client.socket.layerIsReady()
        #expect(try pair.turns { pair.server.reason != nil && pair.client.reason != nil })
        #expect(pair.server.reason == .layerFailed && pair.client.reason == .layerFailed)
        pair.end()
    }

    @Test("a delegate may abort in the middle of what it is told")
    func abortsInside() throws {
        let pair = try SecurePair(authority)
        pair.server.onReceived = { pair.server.socket.abort() }
        pair.client.socket.send(SharedBytes([UInt8](repeating: 1, count: 400_000)))
        #expect(try pair.turns { pair.server.reason == .aborted && pair.client.reason != nil })
        #expect(pair.server.calls == 1)
        pair.end()
    }
}
