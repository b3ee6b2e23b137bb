import Bytes
import Chat
import ChatProtocol
import TestKit
import Testing
import WebSocket

@testable import Gateway

/// Goal: `/echo` is `/ws` with another handler and a larger message. Method: real sockets, and beside the
/// trouble a session that must not notice.
@Suite("/echo sends back what comes, on the transport and within the limits of /ws")
struct EchoHandlerTests {
    private func gateway(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws -> TestGateway {
        try TestGateway(workers: 1) {
            $0.hasDiagnostics = true
            change(&$0)
        }
    }

    private func echo(of gateway: TestGateway, receiveBuffer: Int32? = nil) throws -> TestClient {
        try TestClient(to: gateway, at: "/echo", receiveBuffer: receiveBuffer)
    }

    private func figure(_ name: String, of gateway: TestGateway) throws -> Double {
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        return try PrometheusText.parse(text)[name]?.samples.reduce(0) { $0 + $1.value } ?? 0
    }

    private func frame(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        var output = ByteWriter()
        FrameWriter.write(opcode, payload.span, isFinal: isFinal, maskKey: 0x5A17_C3E9, to: &output)
        return output.finish()
    }

    @Test("without --diagnostics there is no such door; with it, only for those whom /ws lets in")
    func isClosedByDefault() throws {
        let closed = try TestGateway(workers: 1)
        let without = try TestConnection(to: closed.address)
        #expect(try without.ask("GET", "/echo", fields: TestClient.handshake).status == 404)
        let open = try gateway()
        let with = try TestConnection(to: open.address)
        #expect(try with.ask("GET", "/echo").status == 426)
        #expect(try with.ask("GET", "/echo/more", fields: TestClient.handshake).status == 404)
        let foreign = [("Origin", "https://evil.example")] + TestClient.handshake
        #expect(try with.ask("GET", "/echo", fields: foreign).status == 403)
        // It speaks no chat, so it agrees on no subprotocol.
        let offering = [("Sec-WebSocket-Protocol", "parley.v1")] + TestClient.handshake
        let answer = try with.ask("GET", "/echo", fields: offering)
        #expect(answer.status == 101 && answer["Sec-WebSocket-Protocol"] == nil)
    }

    @Test(
        "every kind and size of message comes back as it came", arguments: [0, 1, 125, 126, 65_535, 65_536])
    func returnsMessages(_ size: Int) throws {
        let client = try echo(of: gateway())
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try client.send(.binary, bytes)
        #expect(try client.next() == .echo(.binary, bytes))
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: size)
        try client.send(.text, Array(text[..<(size / 2)]), isFinal: false)
        try client.send(.ping, [1, 2])
        try client.send(.continuation, Array(text[(size / 2)...]))
        #expect(try client.next() == .pong([1, 2]))
        #expect(try client.next() == .echo(.text, text))
    }

    @Test("a message of 65,537 frames is one like any other: bytes are limited, not frames")
    func joinsManyFragments() throws {
        let client = try echo(of: gateway())
        let bytes = [UInt8](repeating: 0x2A, count: 64)
        var frames = frame(.binary, bytes, isFinal: false)
        let piece = frame(.continuation, bytes, isFinal: false)
        for _ in 0..<65_535 { frames += piece }
        let sending = SendingThread(client.connection, frames + frame(.continuation, []))
        let isSame = try client.next() == .echo(.binary, [UInt8](repeating: 0x2A, count: 4 * 1_048_576))
        #expect(isSame)
        sending.join()
    }

    @Test("16 MiB come back; a byte more is closed with 1009 as soon as it is declared")
    func takesLargeMessages() throws {
        let client = try echo(of: gateway())
        let bytes = [UInt8](repeating: 0x5A, count: 16 * 1_048_576)
        let sending = SendingThread(client.connection, frame(.binary, bytes))
        guard case .echo(.binary, let back) = try client.next() else {
            throw TestConnection.Failure(what: "something else than the message")
        }
        let isSame = back == bytes
        #expect(isSame)
        sending.join()
        try client.connection.send([0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0])
        #expect(try client.close().code == 1009)
    }

    @Test("messages before a broken frame or a close come back first, however the bytes arrive")
    func answersInOrder() throws {
        let gateway = try gateway()
        let troubles: [(bytes: [UInt8], code: Int)] = [
            (frame(.close, [0x03, 0xE8]), 1000), ([0x83, 0x80, 0, 0, 0, 0], 1002),
            (frame(.text, [0xFF]), 1007),
        ]
        for (bytes, code) in troubles {
            let client = try echo(of: gateway)
            try client.connection.send(
                frame(.text, [0x61]) + frame(.ping, [7]) + frame(.text, [0x62]) + bytes)
            #expect(try client.next() == .echo(.text, [0x61]))
            #expect(try client.next() == .pong([7]))
            #expect(try client.next() == .echo(.text, [0x62]))
            #expect(try client.close().code == code)
            // RFC 6455 §7.1.1: the server closes the TCP connection first.
            #expect(try client.next() == .ended)
        }
        #expect(try figure("parley_websocket_failures_total", of: gateway) == 2)
    }

    @Test("who sends without reading is not read either, and gets everything once it reads")
    func holdsBack() throws {
        let gateway = try gateway { $0.limits.announced.queueBytes = 128 * 1_024 }
        let neighbour = try Neighbour(of: gateway)
        let client = try echo(of: gateway, receiveBuffer: 65_536)
        let count = 120
        let body = [UInt8](repeating: 0x20, count: 100_000)
        var bytes: [UInt8] = []
        for number in 0..<count { bytes += frame(.binary, [UInt8(number)] + body) }
        let sending = SendingThread(client.connection, bytes)
        // More waits than what a queue is drained to, and no more than one message beyond its limit.
        while try figure("parley_queued_bytes", of: gateway) <= 32 * 1_024 {}
        try neighbour.isUndisturbed()
        #expect(try figure("parley_queued_bytes", of: gateway) <= 128 * 1_024 + 100_100)
        for number in 0..<count {
            let isSame = try client.next() == .echo(.binary, [UInt8(number)] + body)
            #expect(isSame, "message \(number)")
        }
        sending.join()
    }

    @Test("who reads nothing for too long is closed with 4008, and nobody else notices")
    func closesSlowReaders() throws {
        let gateway = try gateway {
            $0.limits.announced.queueBytes = 128 * 1_024
            $0.limits.slowTimeout = .milliseconds(200)
        }
        let neighbour = try Neighbour(of: gateway)
        let client = try echo(of: gateway, receiveBuffer: 65_536)
        let piece = frame(.binary, [UInt8](repeating: 0x20, count: 100_000))
        var bytes: [UInt8] = []
        for _ in 0..<120 { bytes += piece }
        let sending = SendingThread(client.connection, bytes)
        while try figure("parley_disconnects_total", of: gateway) == 0 {}
        try neighbour.isUndisturbed()
        #expect(try client.close().code == 4008)
        client.connection.endWriting()
        sending.join()
    }

    @Test("an idle one is asked for a sign of life by a ping, and closed with 4002 where none comes")
    func asksForLife() throws {
        let gateway = try gateway {
            $0.limits.connectTimeout = .milliseconds(10)
            $0.limits.pingInterval = .milliseconds(100)
            $0.limits.pongTimeout = .milliseconds(200)
        }
        let client = try echo(of: gateway)
        #expect(try client.next() == .ping([]))
        try client.send(.pong, [])
        #expect(try client.next() == .ping([]))
        #expect(try client.close().code == 4002)
    }

    @Test("a drain says 4001 and ends it like every session")
    func drains() throws {
        let gateway = try gateway()
        let client = try echo(of: gateway)
        try client.send(.text, [0x61])
        #expect(try client.next() == .echo(.text, [0x61]))
        try gateway.terminate()
        #expect(try client.close().code == DisconnectCode.shutdown.rawValue)
        #expect(try client.next() == .ended)
        client.connection.endWriting()
        #expect(try gateway.stop() == 0)
    }

    @Test("with reads of one byte it is the same echo")
    func readsSingleBytes() throws {
        let client = try echo(of: gateway { $0.readBytes = 1 })
        let text = Array("naïve café ☕".utf8)
        try client.connection.send(frame(.text, text) + frame(.ping, [1]) + frame(.close, []))
        #expect(try client.next() == .echo(.text, text))
        #expect(try client.next() == .pong([1]))
        #expect(try client.close().code == 1005)
    }
}
