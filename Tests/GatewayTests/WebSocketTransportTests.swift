import Chat
import ChatProtocol
import TestKit
import Testing
import WebSocket

@testable import Gateway

@Suite("RFC 6455 §7.4.1: a broken frame ends its own connection, with its code and a sentence")
struct WebSocketTransportTests {
    struct Trouble: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let code: Int
        /// A part of the sentence.
        let says: String

        var testDescription: String { name }
    }

    /// A masked frame by hand: the key is zero, so the payload stands as it is.
    private static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [first, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }

    static let troubles = [
        Trouble(name: "unmasked", bytes: [0x81, 0x01, 0x78], code: 1002, says: "masked"),
        Trouble(name: "reserved bit", bytes: frame(0xC1, [0x78]), code: 1002, says: "reserved bit"),
        Trouble(name: "reserved opcode", bytes: frame(0x83, []), code: 1002, says: "opcode"),
        Trouble(name: "fragmented ping", bytes: frame(0x09, []), code: 1002, says: "fragmented"),
        Trouble(name: "stray continuation", bytes: frame(0x80, []), code: 1002, says: "continuation"),
        Trouble(name: "close with half a code", bytes: frame(0x88, [0x03]), code: 1002, says: "half a code"),
        Trouble(
            name: "invalid UTF-8", bytes: frame(0x81, [0x22, 0xC3, 0x28, 0x22]), code: 1007, says: "UTF-8"),
        Trouble(name: "surrogate", bytes: frame(0x81, [0xED, 0xA0, 0x80]), code: 1007, says: "UTF-8"),
        Trouble(name: "binary", bytes: frame(0x82, [0x7B, 0x7D]), code: 1003, says: "text frames only"),
        Trouble(
            name: "declared too big", bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], code: 1009,
            says: "too big"),
    ]

    @Test("before and after connect", arguments: troubles)
    func closes(_ trouble: Trouble) throws {
        let gateway = try TestGateway(workers: 1)
        let neighbour = try Neighbour(of: gateway)
        let early = try TestClient(to: gateway)
        let late = try gateway.client("trouble", rooms: #"[{"room":"other","events":[]}]"#)
        for client in [early, late] {
            try client.connection.send(trouble.bytes)
            let close = try client.close()
            #expect(close.code == trouble.code)
            #expect(close.reason.contains(trouble.says))
            try neighbour.isUndisturbed()
        }
    }

    @Test("a message that grows too big by fragments is closed with 1009")
    func boundsFragments() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.messageBytes = 40_000 }
        let neighbour = try Neighbour(of: gateway)
        let client = try TestClient(to: gateway)
        let half = [UInt8](repeating: 0x20, count: 30_000)
        try client.send(.text, half, isFinal: false)
        try client.send(.continuation, half)
        #expect(try client.close().code == 1009)
        try neighbour.isUndisturbed()
    }

    @Test("a message of exactly the limit passes")
    func admitsTheLimit() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.messageBytes = 40_000 }
        let client = try gateway.client("ada")
        let command = Array(#"{"id":9,"ping":{}}"#.utf8)
        try client.send(.text, command + [UInt8](repeating: 0x20, count: 40_000 - command.count))
        #expect(try client.reply(to: 9)["time"] != nil)
    }

    @Test("a client's close is answered with its code, its ping with its bytes")
    func answersControl() throws {
        let gateway = try TestGateway(workers: 1)
        let client = try gateway.client("ada")
        try client.send(.ping, Array("are you there".utf8))
        #expect(try client.next() == .pong(Array("are you there".utf8)))
        try client.send(.close, [0x03, 0xE8])
        #expect(try client.next() == .closed(1000, reason: ""))
        #expect(try client.next() == .ended)
    }

    @Test("frames right behind the handshake, and one byte at a time, are read like any others")
    func readsEagerClients() throws {
        let gateway = try TestGateway(workers: 1)
        let eager = try TestConnection(to: gateway.address)
        var request = "GET /ws HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in TestClient.handshake { request += "\(name): \(value)\r\n" }
        let hello = #"{"id":1,"connect":{"user":"ada"}}"#
        try eager.send(Array((request + "\r\n").utf8) + Self.frame(0x81, Array(hello.utf8)))
        #expect(try eager.answer().status == 101)
        let start = try eager.wait(for: "the reply") {
            $0.count < 20 ? nil : (Array($0.prefix(20)), $0.count)
        }
        #expect(String(decoding: start ?? [], as: UTF8.self).contains(#"{"id":1,"#))

        let slow = try TestClient(to: gateway)
        for byte in Self.frame(0x81, Array(hello.utf8)) { try slow.connection.send([byte]) }
        #expect(try slow.reply(to: 1)["user"] == .string("ada"))
    }
}
