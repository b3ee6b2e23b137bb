import Bytes
import Testing

@testable import Networking

/// Real connections over the loopback; the test itself takes the loop's turns, so nothing waits for a thread.
@Suite("TCP connections")
struct TCPSocketTests {
    @Test("bytes go both ways, and both addresses are known", arguments: ["127.0.0.1:0", "[::1]:0"])
    func echoes(_ address: String) throws {
        let server = try TestServer(address)
        let (peer, socket) = try server.connect()
        peer.send([1, 2, 3])
        #expect(try server.loop.turns { server.recorder.bytes == [1, 2, 3] })
        socket.send(copying: [4].span)
        socket.send(SharedBytes([0, 5, 6]), from: 1)
        #expect(socket.queuedBytes == 3)
        try server.loop.turn(sleepingAtMost: .zero)
        #expect(peer.receiveSoon() == [4, 5, 6])
        #expect(try socket.localAddress() == server.listener.boundAddress)
        #expect(try SocketAddress(localOf: peer.descriptor) == socket.remoteAddress)
        #expect(socket.remoteAddress.isLoopback)
        peer.close()
        #expect(try server.loop.turns { server.recorder.ended == 1 })
        socket.abort()
        server.loop.dismantle()
    }

    @Test("a slow reader gets every byte in order, and the queue tells when it has drained to its mark")
    func partialWrites() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect(receiveBuffer: 4096)
        socket.lowWaterMark = 100_000
        var expected: [UInt8] = []
        let shared = SharedBytes((0..<70_001).map { UInt8(truncatingIfNeeded: $0) })
        for round in 0..<100 {
            socket.send(shared)
            expected.append(shared.span)
            let small = [UInt8](repeating: UInt8(round), count: round)
            socket.send(copying: small.span)
            expected += small
        }
        try server.loop.turn(sleepingAtMost: .zero)
        try server.loop.turn(sleepingAtMost: .zero)
        #expect(socket.queuedBytes > 1_000_000)
        #expect(server.recorder.drainedAt.isEmpty)
        var got: [UInt8] = []
        #expect(
            try server.loop.turns {
                while let more = peer.receive(30_000), !more.isEmpty { got += more }
                return got.count == expected.count
            })
        #expect(got == expected)
        #expect(server.recorder.drainedAt.count == 1)
        #expect(server.recorder.drainedAt.allSatisfy { $0 <= 100_000 })
        #expect(socket.ownsNoBuffer)
        server.loop.dismantle()
    }

    @Test("a queue that rises above its mark while the kernel refuses is told drained when it falls again")
    func risesWhileRefused() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect(receiveBuffer: 4096)
        let filler = SharedBytes([UInt8](repeating: 7, count: 1_000_000))
        var queued = 0
        // Until the kernel refuses, with less than the mark left over.
        socket.lowWaterMark = 3_000_000
        while socket.queuedBytes == 0 {
            socket.send(filler)
            queued += filler.count
            try server.loop.turn(sleepingAtMost: .zero)
        }
        #expect(server.recorder.drainedAt.isEmpty)
        for _ in 0..<4 {
            socket.send(filler)
            queued += filler.count
        }
        try server.loop.turn(sleepingAtMost: .zero)
        #expect(socket.queuedBytes > 3_000_000)
        var got = 0
        #expect(
            try server.loop.turns {
                while let more = peer.receive(500_000), !more.isEmpty { got += more.count }
                return got == queued
            })
        #expect(server.recorder.drainedAt.count == 1)
        server.loop.dismantle()
    }

    @Test("an idle connection owns no buffer, before and after it was busy")
    func idle() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        #expect(socket.ownsNoBuffer)
        socket.send(copying: [1].span)
        #expect(!socket.ownsNoBuffer)
        try server.loop.turn(sleepingAtMost: .zero)
        #expect(socket.ownsNoBuffer)
        #expect(peer.receiveSoon() == [1])
        server.loop.dismantle()
    }

    @Test("a delegate that aborts inside received is told closed once, and nothing else")
    func abortsInReceived() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        server.recorder.onReceived = { socket in
            socket.abort()
            socket.abort()
            socket.send(copying: [1].span)
            socket.closeAfterFlush()
        }
        // More than one read's worth, so that reading on would be seen.
        peer.send([UInt8](repeating: 1, count: 100_000))
        #expect(try server.loop.turns { !server.recorder.reasons.isEmpty })
        try server.loop.turn(sleepingAtMost: .zero)
        #expect(server.recorder.reasons == [.aborted])
        #expect(server.recorder.calls == 1 && server.recorder.ended == 0)
        #expect(socket.delegate == nil && !socket.isOpen)
        #expect(server.loop.descriptorCount == 1)
        #expect(try server.loop.turns { peer.wasReset })
        server.loop.dismantle()
    }

    @Test("closing after the flush writes all, ends our half, and waits for the peer's end")
    func closesAfterFlush() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect(receiveBuffer: 4096)
        socket.send(SharedBytes([UInt8](repeating: 7, count: 3_000_000)))
        socket.closeAfterFlush()
        socket.send(copying: [8].span)
        peer.send([1, 2, 3])
        var count = 0
        var hasEnd = false
        #expect(
            try server.loop.turns {
                while let more = peer.receive() {
                    count += more.count
                    hasEnd = more.isEmpty
                    if hasEnd { break }
                }
                return hasEnd
            })
        #expect(count == 3_000_000)
        #expect(server.recorder.reasons.isEmpty && server.recorder.bytes.isEmpty)
        peer.close()
        #expect(try server.loop.turns { !server.recorder.reasons.isEmpty })
        #expect(server.recorder.reasons == [.finished])
        server.loop.dismantle()
    }

    @Test("a peer that does not end after the flush is closed when its time is up")
    func lingersBounded() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        socket.send(copying: [9].span)
        socket.closeAfterFlush(within: .milliseconds(1))
        #expect(try server.loop.turns { !server.recorder.reasons.isEmpty })
        #expect(server.recorder.reasons == [.lingeredTooLong])
        #expect(peer.receiveSoon() == [9])
        server.loop.dismantle()
    }

    @Test("after the peer ended its half we can still answer, and closing then is finished at once")
    func halfClose() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        peer.send([1])
        peer.endWriting()
        #expect(try server.loop.turns { server.recorder.ended == 1 })
        #expect(server.recorder.bytes == [1])
        for _ in 0..<3 { try server.loop.turn(sleepingAtMost: .zero) }
        #expect(server.recorder.ended == 1)
        socket.send(copying: [2].span)
        socket.closeAfterFlush()
        #expect(try server.loop.turns { !server.recorder.reasons.isEmpty })
        #expect(server.recorder.reasons == [.finished])
        #expect(peer.receiveSoon() == [2])
        server.loop.dismantle()
    }

    @Test("a reset closes with the kernel's reason", arguments: [false, true])
    func reset(whilePaused isPaused: Bool) throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        if isPaused { socket.pauseReading() }
        peer.reset()
        #expect(try server.loop.turns { !server.recorder.reasons.isEmpty })
        #expect(server.recorder.reasons.count == 1)
        if case .failed(let error) = server.recorder.reasons.first {
            #expect(error.description == "recv: Connection reset by peer")
        } else {
            Issue.record("closed because \(server.recorder.reasons)")
        }
        server.loop.dismantle()
    }

    @Test("a paused socket reads nothing until it is resumed, also when paused inside received")
    func pauses() throws {
        let server = try TestServer()
        let (peer, socket) = try server.connect()
        server.recorder.onReceived = { $0.pauseReading() }
        peer.send([UInt8](repeating: 1, count: 200_000))
        #expect(try server.loop.turns { server.recorder.calls == 1 })
        for _ in 0..<5 { try server.loop.turn(sleepingAtMost: .milliseconds(1)) }
        #expect(server.recorder.calls == 1)
        #expect(server.recorder.bytes.count <= server.loop.readBufferSize)
        server.recorder.onReceived = { _ in }
        socket.resumeReading()
        #expect(try server.loop.turns { server.recorder.bytes.count == 200_000 })
        server.loop.dismantle()
    }

    @Test("a connection that always has more is read four times a turn, then others have theirs")
    func fairness() throws {
        let server = try TestServer(readBufferSize: 1000)
        let (flooder, _) = try server.connect()
        let (quiet, quietSocket) = try server.connect()
        var floodedIn: [Int: Int] = [:]
        var quietTurn: Int?
        server.recorder.onReceived = { socket in
            if socket === quietSocket {
                quietTurn = server.loop.turns
            } else {
                floodedIn[server.loop.turns, default: 0] += 1
            }
        }
        flooder.send([UInt8](repeating: 1, count: 50_000))
        quiet.send([2])
        #expect(try server.loop.turns { server.recorder.bytes.count == 50_001 })
        #expect((quietTurn ?? .max) < (floodedIn.keys.max() ?? 0))
        #expect(floodedIn.values.max() == 4)
        server.loop.dismantle()
    }
}
