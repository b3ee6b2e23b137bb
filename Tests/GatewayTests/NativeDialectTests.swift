import Chat
import ChatProtocol
import TestKit
import Testing

@testable import Gateway

@Suite("chat.md §12: a command that cannot be done is answered, and the session lives on")
struct NativeDialectTests {
    struct Trouble: CustomTestStringConvertible, Sendable {
        let command: String
        let error: String
        /// A part of the sentence.
        let says: String

        var testDescription: String { command.count > 60 ? "\(command.prefix(60))…" : command }
    }

    private static func publish(_ room: String, _ rest: String) -> String {
        #"{"id":5,"publish":{"room":"\#(room)",\#(rest)}}"#
    }

    static let troubles = [
        Trouble(command: #"{"id":5,"shout":{}}"#, error: "unknownVerb", says: "shout"),
        Trouble(command: #"{"id":5}"#, error: "badRequest", says: "no command"),
        Trouble(
            command: #"{"id":5,"ping":{},"leave":{"room":"a"}}"#, error: "badRequest", says: "one command"),
        Trouble(command: #"{"id":5,"join":{"room":7}}"#, error: "badRequest", says: "join.room"),
        Trouble(command: #"{"id":5,"join":[]}"#, error: "badRequest", says: "join"),
        Trouble(command: #"{"id":5,"join":{}}"#, error: "badRequest", says: "join.room: is missing"),
        Trouble(command: #"{"id":5,"join":{"room":""}}"#, error: "badRequest", says: "empty"),
        Trouble(command: #"{"id":5,"join":{"room":" a"}}"#, error: "badRequest", says: "space"),
        Trouble(command: #"{"id":5,"join":{"room":"a*"}}"#, error: "badRequest", says: "*"),
        Trouble(command: #"{"id":5,"join":{"room":"a\u0007"}}"#, error: "badRequest", says: "control"),
        Trouble(
            command: #"{"id":5,"join":{"room":"\#(String(repeating: "r", count: 201))"}}"#,
            error: "badRequest",
            says: "200 bytes"),
        Trouble(command: #"{"id":5,"join":{"room":"$user:ada"}}"#, error: "forbidden", says: "$"),
        Trouble(command: publish("$inbox", #""clientId":"1","body":1"#), error: "forbidden", says: "$"),
        Trouble(command: #"{"id":5,"history":{"room":"$inbox"}}"#, error: "forbidden", says: "$"),
        Trouble(
            command: #"{"id":5,"join":{"room":"a","since":{"epoch":"1-1","offset":-1}}}"#,
            error: "badRequest",
            says: "join.since.offset"),
        Trouble(
            command: #"{"id":5,"join":{"room":"a","since":{"epoch":"1-1","offset":9007199254740992}}}"#,
            error: "badRequest", says: "join.since.offset"),
        Trouble(
            command: #"{"id":5,"join":{"room":"a","since":{"epoch":"1-1","offset":1.5}}}"#,
            error: "badRequest",
            says: "join.since.offset"),
        Trouble(
            command: #"{"id":5,"join":{"room":"a","since":{"epoch":"a longer epoch than 16","offset":1}}}"#,
            error: "badRequest", says: "join.since.epoch"),
        Trouble(
            command: #"{"id":5,"join":{"room":"a","since":{"offset":1}}}"#, error: "badRequest",
            says: "join.since.epoch: is missing"),
        Trouble(
            command: #"{"id":5,"join":{"room":"a","tail":1001}}"#, error: "badRequest", says: "join.tail"),
        Trouble(
            command: #"{"id":5,"history":{"room":"a","before":1,"after":1}}"#, error: "badRequest",
            says: "before"),
        Trouble(command: #"{"id":5,"history":{"room":"a","limit":0}}"#, error: "badRequest", says: "limit"),
        Trouble(command: #"{"id":5,"history":{"room":"live:x"}}"#, error: "notStored", says: "ephemeral"),
        Trouble(command: #"{"id":5,"presence":{"room":"elsewhere"}}"#, error: "notJoined", says: "Join"),
        Trouble(command: #"{"id":5,"typing":{"room":"elsewhere"}}"#, error: "notJoined", says: "Join"),
        Trouble(
            command: #"{"id":5,"typing":{"room":"a","on":"yes"}}"#, error: "badRequest", says: "typing.on"),
        Trouble(command: publish("a", #""body":1"#), error: "badRequest", says: "clientId"),
        Trouble(command: publish("a", #""clientId":"ä","body":1"#), error: "badRequest", says: "clientId"),
        Trouble(
            command: publish("a", #""clientId":"1""#), error: "badRequest", says: "publish.body: is missing"),
        Trouble(
            command: publish("a", #""clientId":"1","body":"\u0000""#), error: "badRequest",
            says: "publish.body"),
        Trouble(
            command: publish("a", #""clientId":"1","body":"\ud800""#), error: "badRequest",
            says: "publish.body"),
        Trouble(
            command: publish("a", #""clientId":"1","body":"\#(String(repeating: "x", count: 32_767))""#),
            error: "tooLarge", says: "32768"),
        Trouble(
            command: publish(
                "a",
                #""clientId":"1","body":"#
                    + String(repeating: "[", count: 63) + String(repeating: "]", count: 63)),
            error: "badRequest", says: "publish.body"),
        Trouble(command: #"{"id":5,"connect":{"user":"eve"}}"#, error: "alreadyConnected", says: "once"),
    ]

    @Test("by name, with a sentence that names the field, on a session that goes on")
    func answers() throws {
        let gateway = try TestGateway(workers: 1)
        let neighbour = try Neighbour(of: gateway)
        let client = try gateway.client("ada")
        for trouble in Self.troubles {
            try client.send(trouble.command)
            let error = try client.message()
            #expect(error["id"] == .number(5), "\(trouble)")
            #expect(error["error"]?["name"] == .string(trouble.error), "\(trouble): \(error)")
            #expect(error["error"]?["message"]?.text?.contains(trouble.says) == true, "\(trouble): \(error)")
        }
        #expect(try client.ask("ping", "{}")["time"] != nil)
        try neighbour.isUndisturbed()
    }

    @Test(
        "a number that is none is answered without one",
        arguments: ["-1", "1.0", "\"7\"", "9007199254740992"])
    func answersWithoutNumber(_ id: String) throws {
        let gateway = try TestGateway(workers: 1)
        let client = try gateway.client("ada")
        try client.send(#"{"id":\#(id),"ping":{}}"#)
        let error = try client.message()
        #expect(error["id"] == nil && error["error"]?["name"] == .string("badRequest"))
    }

    @Test("a command without a number is answered only when it fails")
    func answersFailuresOnly() throws {
        let gateway = try TestGateway(workers: 1)
        let client = try gateway.client("ada")
        try client.send(#"{"leave":{"room":"a"}}"# + "\n\n" + #"{"typing":{"room":"a"}}"#)
        let error = try client.message()
        #expect(error["id"] == nil && error["error"]?["name"] == .string("notJoined"))
    }

    @Test("text that is not JSON ends the session: 4501, with the byte; what stood before it was done")
    func closesOnBadJSON() throws {
        let gateway = try TestGateway(workers: 1)
        let neighbour = try Neighbour(of: gateway)
        for text in ["not json", "[]", "{\"a\":1", "{\"a\":NaN}", "\u{FEFF}{}", "42"] {
            let client = try gateway.client("ada")
            try client.send(#"{"id":7,"ping":{}}"# + "\n" + text + "\n" + #"{"id":8,"ping":{}}"#)
            #expect(try client.message()["id"] == .number(7))
            let arrival = try client.next()
            guard case .closed(4501, let reason) = arrival else {
                Issue.record("\(text): \(arrival)")
                continue
            }
            #expect(try JSONValue(parsing: reason)["reason"]?.text?.contains("byte") == true)
            try neighbour.isUndisturbed()
        }
    }

    @Test("before connect everything but ping's and pong's kin is notConnected, and connect still works")
    func needsConnect() throws {
        let gateway = try TestGateway(workers: 1)
        let client = try TestClient(to: gateway)
        for command in ["join", "leave", "presence", "typing"] {
            #expect(try client.ask(command, #"{"room":"a"}"#)["error"]?["name"] == .string("notConnected"))
        }
        let refused = try client.ask("publish", #"{"room":"a","clientId":"1","body":1}"#)
        #expect(refused["error"]?["name"] == .string("notConnected"))
        #expect(try client.ask("connect", #"{"token":"x"}"#)["error"]?["name"] == .string("unauthorized"))
        #expect(try client.connect("ada")["user"] == .string("ada"))
        #expect(try client.ask("history", #"{"room":"a"}"#)["head"] == .number(0))
    }

    @Test("too many rooms: the room beyond is refused, the others stay")
    func boundsRooms() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.announced.roomsPerSession = 2 }
        let client = try gateway.client("ada", rooms: #"[{"room":"a"},{"room":"b"}]"#)
        #expect(try client.ask("join", #"{"room":"c"}"#)["error"]?["name"] == .string("tooManyRooms"))
        #expect(try client.ask("join", #"{"room":"b"}"#)["kind"] == .string("stored"))
        let greedy = try TestClient(to: gateway)
        let reply = try greedy.connect("eve", rooms: #"[{"room":"a"},{"room":"b"},{"room":"c"}]"#)
        #expect(reply["error"]?["name"] == .string("tooManyRooms"))
    }

    @Test("who does not connect in time is closed with 4003, and told so")
    func boundsTheWait() throws {
        let gateway = try TestGateway(workers: 1) { $0.limits.connectTimeout = .milliseconds(50) }
        let close = try TestClient(to: gateway).close()
        #expect(close.code == 4003 && close.reason.contains("connect"))
    }

    @Test("heartbeats: who answers stays, who does not is closed with 4002")
    func boundsTheSilence() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.limits.pingInterval = .milliseconds(200)
            $0.limits.pongTimeout = .milliseconds(400)
        }
        let client = try gateway.client("ada")
        for _ in 0..<3 {
            #expect(try client.message()["ping"] != nil)
            try client.send(#"{"pong":{}}"#)
        }
        let silent = try TestClient(to: gateway)
        _ = try silent.ask("connect", #"{"heartbeat":"frame"}"#)
        #expect(try silent.next() == .ping([]))
        #expect(try silent.close().code == 4002)
    }
}
