import Foundation
import TestKit
import Testing

@testable import Gateway

@Suite("A live gateway: sessions on different workers are in the same rooms", .timeLimit(.minutes(2)))
struct WorkerTests {
    private let gateway: TestGateway

    init() throws { gateway = try TestGateway(workers: 2) }

    @Test("two workers: both sessions get every publication in one order, the publisher's own too")
    func talks() throws {
        let ada = try gateway.client("ada", onWorker: 0, rooms: #"[{"room":"hall","events":[]}]"#)
        let bob = try gateway.client("bob", onWorker: 1, rooms: #"[{"room":"hall","events":[]}]"#)
        for number in 1...10 {
            let (speaker, name) = number % 2 == 0 ? (ada, "ada") : (bob, "bob")
            let stored = try speaker.ask(
                "publish", #"{"room":"hall","clientId":"m\#(number)","body":\#(number)}"#)
            #expect(stored["offset"] == .number(Int64(number)))
            for listener in [ada, bob] {
                let heard = try listener.message(with: "publication")
                #expect(heard["offset"] == .number(Int64(number)))
                #expect(heard["body"] == .number(Int64(number)))
                #expect(heard["user"] == .string(name))
            }
        }
    }

    @Test("many at once: the rooms' order is the same for all, without a hole or a repeat")
    func keepsOrder() throws {
        let clients = try (0..<4).map {
            try gateway.client("user\($0)", onWorker: $0 % 2, rooms: #"[{"room":"busy","events":[]}]"#)
        }
        for number in 0..<50 {
            for client in clients {
                try client.send(
                    #"{"publish":{"room":"busy","clientId":"n\#(number)","body":{"n":\#(number)}}}"#)
            }
        }
        let orders = try clients.map { client in
            try (1...200).map { offset in
                let heard = try client.message(with: "publication")
                #expect(heard["offset"] == .number(Int64(offset)))
                return "\(heard["user"]!) \(heard["clientId"]!)"
            }
        }
        #expect(Set(orders).count == 1)
        #expect(Set(orders[0]).count == 200)
    }

    @Test("recovery: who comes back on another worker gets exactly what followed its position, in the reply")
    func recovers() throws {
        let bob = try gateway.client("bob", onWorker: 1)
        let first = try heardOnce(
            by: gateway.client("ada", onWorker: 0, rooms: #"[{"room":"hall"}]"#), from: bob)
        for number in 2...4 {
            _ = try bob.ask("publish", #"{"room":"hall","clientId":"\#(number)","body":\#(number)}"#)
        }
        let epoch = try #require(first["epoch"])
        let again = try TestClient(to: gateway)
        let reply = try again.connect(
            "ada", rooms: #"[{"room":"hall","since":{"epoch":\#(epoch),"offset":1}}]"#)
        let room = try #require(reply["rooms"]?.elements.first)
        #expect(room["recovered"] == .bool(true))
        #expect(room["publications"]?.elements.compactMap { $0["offset"]?.number } == [2, 3, 4])
        _ = try bob.ask("publish", #"{"room":"hall","clientId":"5","body":5}"#)
        #expect(try again.message(with: "publication")["offset"] == .number(5))
    }

    /// One publication of `speaker`, which `listener` hears before its connection is lost.
    private func heardOnce(by listener: TestClient, from speaker: TestClient) throws -> JSONValue {
        let first = try speaker.ask("publish", #"{"room":"hall","clientId":"1","body":"one"}"#)
        #expect(try listener.message(with: "publication")["offset"] == .number(1))
        return first
    }

    @Test(
        "a retry on another worker and through REST answers with the first one's position and stores nothing")
    func repeats() throws {
        let draft = #"{"room":"hall","clientId":"same","body":{"n":1}}"#
        let ada = try gateway.client("ada", onWorker: 0)
        let first = try ada.ask("publish", draft)
        let again = try gateway.client("ada", onWorker: 1).ask("publish", draft)
        #expect(again["repeat"] == .bool(true))
        for field in ["epoch", "offset", "time"] { #expect(again[field] == first[field]) }
        let rest = try TestConnection(to: gateway.address).ask(
            "POST", "/api/v1/rooms/hall/publications", fields: [("Content-Type", "application/json")],
            body: #"{"clientId":"same","body":{"n":1},"user":"ada"}"#)
        #expect(rest.status == 200)
        #expect(try JSONValue(parsing: rest.text) == again)
        let other = try ada.ask("publish", #"{"room":"hall","clientId":"same","body":{"n":2}}"#)
        #expect(other["error"]?["name"] == .string("clientIdReused"))
        #expect(try ada.ask("history", #"{"room":"hall"}"#)["head"] == .number(1))
    }

    @Test("ephemeral publications reach the other worker without a number, and are not kept")
    func isEphemeral() throws {
        let room = #"[{"room":"live:cursor","events":[]}]"#
        let ada = try gateway.client("ada", onWorker: 0, rooms: room)
        let bob = try gateway.client("bob", onWorker: 1, rooms: room)
        let answer = try ada.ask("publish", #"{"room":"live:cursor","body":{"x":1}}"#)
        #expect(answer["offset"] == nil && answer["time"]?.number != nil)
        for client in [ada, bob] {
            let heard = try client.message(with: "publication")
            #expect(heard["offset"] == nil && heard["body"]?["x"] == .number(1))
        }
        #expect(try bob.ask("history", #"{"room":"live:cursor"}"#)["error"]?["name"] == .string("notStored"))
    }

    @Test("presence and typing reach the other worker")
    func showsPresence() throws {
        let ada = try gateway.client("ada", onWorker: 0, rooms: #"[{"room":"hall"}]"#)
        // Changes of the roster come collected, sooner or later.
        let bob = try gateway.client("bob", onWorker: 1, rooms: #"[{"room":"hall"}]"#)
        var seen: Set<String> = []
        while !seen.contains("bob") {
            for member in try ada.message(with: "presence")["join"]?.elements ?? [] {
                seen.insert(member["user"]?.text ?? "")
            }
        }
        let roster = try ada.ask("presence", #"{"room":"hall"}"#)
        #expect(roster["count"] == .number(2))
        #expect(Set(roster["members"]?.elements.compactMap { $0["user"]?.text } ?? []) == ["ada", "bob"])
        _ = try ada.ask("typing", #"{"room":"hall"}"#)
        let typing = try bob.message(with: "typing")
        #expect(typing["user"] == .string("ada") && typing["on"] == .bool(true))
        _ = try bob.ask("leave", #"{"room":"hall"}"#)
        var left: [JSONValue] = []
        while left.isEmpty { left = try ada.message(with: "presence")["leave"]?.elements ?? [] }
        #expect(left == [.string("bob")])
    }

    @Test("a body passes byte for byte, from a socket and through REST to history")
    func passesBodies() throws {
        let body = #"{ "a" : 1.50e+2,"é\u00e9":[ null ,"\/" ] , "big":123456789012345678901234567890}"#
        let ada = try gateway.client("ada")
        #expect(
            try ada.ask("publish", #"{"room":"raw","clientId":"1","body":\#(body)}"#)["offset"] == .number(1))
        let posted = try TestConnection(to: gateway.address).ask(
            "POST", "/api/v1/rooms/raw/publications", fields: [("Content-Type", "application/json")],
            body: #"{"clientId":"2","body":\#(body)}"#)
        #expect(posted.status == 201)
        let page = try TestConnection(to: gateway.address).ask(
            "GET", "/api/v1/rooms/raw/publications?after=0")
        #expect(page.text.components(separatedBy: #""body":\#(body)"#).count == 3)
    }
}
