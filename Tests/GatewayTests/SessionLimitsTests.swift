import Bytes
import Chat
import ChatProtocol
import TestKit
import Testing
import WebSocket

@testable import Gateway

extension TestGateway {
    /// How often a limit was reached, as `/metrics` tells.
    func reached(_ limit: DoorLimit) throws -> Double {
        let text = try TestConnection(to: address).ask("GET", "/metrics").text
        let family = try PrometheusText.parse(text)["parley_limits_reached_total"]
        return family?.samples.first { $0.labels["limit"] == limit.rawValue }?.value ?? -1
    }
}

@Suite("docs/limits.md: whoever goes beyond is told and counted, and a neighbour does not notice")
struct SessionLimitsTests {
    @Test("a flood of commands is refused, each with a time, and closed with 4006 when it goes on")
    func commandFlood() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.limits.announced.messagesPerSecond = 1
            $0.limits.announced.messageBurst = 40
        }
        let neighbour = try Neighbour(of: gateway)
        let flooder = try TestClient(to: gateway)
        let limits = try #require(try flooder.connect("flooder")["limits"])
        #expect(limits["messagesPerSecond"] == .number(1) && limits["messageBurst"] == .number(40))
        func flood(_ lines: ClosedRange<Int>) throws {
            // Unknown verbs and lines that are none cost as much as commands.
            let kinds = [#""ping":{}"#, #""shout":{}"#, #""publish":{"room":"x","clientId":"c","body":1}"#]
            try flooder.send(lines.map { #"{"id":\#($0),\#(kinds[$0 % 3])}"# }.joined(separator: "\n"))
        }
        try flood(100...160)
        var waits: [Int64] = []
        while waits.count < 10 {
            let error = try flooder.message(with: "error")
            guard error["code"] == .number(116) else { continue }
            waits.append(try #require(error["retryAfterMs"]?.number))
        }
        #expect(waits == waits.sorted() && Set(waits).count == waits.count && waits[0] > 0)
        #expect(try gateway.reached(.messageRate) >= 10)
        try neighbour.isUndisturbed()
        try flood(161...200)
        let close = try flooder.close()
        #expect(close.code == 4006 && close.reason == #"{"afterMs":40000}"#)
        try neighbour.isUndisturbed()
    }

    @Test("REST: 429 with Retry-After for the caller who floods, and other callers are served")
    func restFlood() throws {
        let desk = try TokenDesk()
        let gateway = try desk.gateway(workers: 1) {
            $0.limits.announced.messagesPerSecond = 1
            $0.limits.announced.messageBurst = 20
        }
        let connection = try TestConnection(to: gateway.address)
        let (ann, bob) = (try desk.token("ann"), try desk.token("bob"))
        var refused: (answer: HTTPAnswer, json: JSONValue)?
        for number in 0..<40 where refused == nil {
            let body = #"{"clientId":"c\#(number)","body":1}"#
            let call = try connection.call("POST", "hall", token: ann, body: body)
            if call.answer.status == 429 { refused = call } else { #expect(call.answer.status == 201) }
        }
        let answer = try #require(refused)
        #expect(answer.json["error"]?["name"] == .string("rateLimited"))
        let seconds = try #require(answer.answer["Retry-After"].flatMap { Int($0) })
        #expect(seconds >= 1)
        #expect(try connection.call("GET", "hall", token: ann).answer.status == 429)
        #expect(try connection.call("GET", "hall", token: bob).json["head"]?.number ?? 0 >= 20)
        #expect(try gateway.reached(.messageRate) >= 2)
    }

    @Test("without tokens an address is the caller: reading costs five, and /metrics nothing")
    func restWithoutTokens() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.limits.announced.messagesPerSecond = 1
            $0.limits.announced.messageBurst = 20
        }
        let neighbour = try Neighbour(of: gateway)
        let statuses = try (0..<5).map { _ in
            try TestConnection(to: gateway.address).call("GET", "hall", token: nil).answer.status
        }
        #expect(statuses == [200, 200, 200, 200, 429])
        #expect(try gateway.reached(.messageRate) == 1)
        try neighbour.isUndisturbed()
    }

    private static let floods: [(name: String, opcode: Opcode, payload: Int, isFinal: Bool)] = [
        ("pings", .ping, 125, true), ("pongs", .pong, 0, true), ("tiny fragments", .continuation, 1, false),
        ("empty fragments", .continuation, 0, false), ("blank frames", .text, 1, true),
    ]

    @Test("a flood of pings, pongs, tiny fragments or blank frames is closed with 1008", arguments: 0..<5)
    func controlFlood(_ kind: Int) throws {
        let gateway = try TestGateway(workers: 1) {
            $0.limits.announced.controlsPerSecond = 1
            $0.limits.announced.controlBurst = 50
        }
        let neighbour = try Neighbour(of: gateway)
        let flooder = try gateway.client("flooder")
        let flood = Self.floods[kind]
        if flood.opcode == .continuation { try flooder.send(.text, [0x20], isFinal: false) }
        // What is within the burst passes.
        for _ in 0..<40 {
            try flooder.send(
                flood.opcode, Array(repeating: 0x20, count: flood.payload), isFinal: flood.isFinal)
        }
        #expect(try gateway.reached(.controlRate) == 0, "\(flood.name)")
        var rest = ByteWriter()
        let payload = [UInt8](repeating: 0x20, count: flood.payload)
        for _ in 0..<40 {
            FrameWriter.write(
                flood.opcode, payload.span, isFinal: flood.isFinal, maskKey: 0x5A17_C3E9, to: &rest)
        }
        try flooder.connection.send(rest.finish())
        let close = try flooder.close()
        #expect(close.code == 1008 && close.reason.contains("Too many control frames"), "\(flood.name)")
        #expect(try gateway.reached(.controlRate) == 1)
        try neighbour.isUndisturbed()
    }

    @Test("thousands of fragments are a message like any other, where each has its bytes")
    func manyFragments() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.limits.announced.controlsPerSecond = 1
            $0.limits.announced.controlBurst = 1
        }
        let client = try gateway.client("patient")
        var bytes = Array(#"{"id":9,"ping":{}}"#.utf8)
        bytes += Array(repeating: 0x20, count: 64_000 - bytes.count)
        var frames: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let isFinal = start + 16 >= bytes.count
            frames += [(isFinal ? 0x80 : 0) | (start == 0 ? 1 : 0), 0x80 | 16, 0, 0, 0, 0]
            frames += bytes[start..<(start + 16)]
        }
        try client.connection.send(frames)
        #expect(try client.reply(to: 9)["time"] != nil)
        #expect(try gateway.reached(.controlRate) == 0)
    }

    /// What never becomes whole.
    private static let beginnings: [[UInt8]] = [
        [0x81], [0x81, 0xFE, 0x01], [0x81, 0x85, 0, 0, 0, 0, 0x22], [0x01, 0x81, 0, 0, 0, 0, 0x20],
        [0x89, 0x84, 0],
    ]

    @Test(
        "a message that is not whole in time is closed with 1008, who is silent between messages is not",
        arguments: 0..<5)
    func messageTime(_ kind: Int) throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.messageMs = 150 }
        let neighbour = try Neighbour(of: gateway)
        let silent = try gateway.client("silent")
        let flooder = try gateway.client("flooder")
        try flooder.connection.send(Self.beginnings[kind])
        let close = try flooder.close()
        #expect(close.code == 1008 && close.reason.contains("took too long"))
        #expect(try gateway.reached(.messageTime) == 1)
        #expect(try silent.ask("ping", "{}")["time"] != nil)
        try neighbour.isUndisturbed()
    }

    @Test(
        "pings between its fragments do not give a message more time; a whole message in pieces has its own")
    func messageTimeWithPings() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.limits.announced.messageMs = 1_000
            $0.limits.announced.controlBurst = 1_000_000
        }
        let flooder = try gateway.client("flooder")
        for _ in 0..<20 {
            // In two pieces each: every one of them begins a time of its own.
            try flooder.connection.send([0x81, 0x81, 0])
            try flooder.connection.send([0, 0, 0, 0x20])
        }
        #expect(try flooder.ask("ping", "{}")["time"] != nil)
        try flooder.send(.text, [0x20], isFinal: false)
        var isClosed = false
        while !isClosed {
            try? flooder.send(.ping, [])
            switch try flooder.next() {
            case .closed(let code, _): isClosed = true; #expect(code == 1008)
            case .ended: isClosed = true; Issue.record("no close frame")
            case .message, .echo, .ping, .pong: continue
            }
        }
        #expect(try gateway.reached(.messageTime) == 1)
    }

    @Test("a message over messageBytes is closed with 1009 and counted")
    func messageBytes() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.messageBytes = 40_000 }
        let neighbour = try Neighbour(of: gateway)
        let client = try gateway.client("large")
        try client.send(.text, Array(repeating: 0x20, count: 40_001))
        #expect(try client.close().code == 1009)
        #expect(try gateway.reached(.messageBytes) == 1)
        try neighbour.isUndisturbed()
    }
}
