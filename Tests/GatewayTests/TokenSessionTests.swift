import Foundation
import TestKit
import Testing

@testable import Gateway

@Suite("design §6: tokens on WebSockets, at a live gateway", .timeLimit(.minutes(2)))
struct TokenSessionTests {
    private let desk: TokenDesk
    private let gateway: TestGateway

    init() throws {
        desk = try TokenDesk()
        gateway = try desk.gateway()
    }

    @Test("a token says who one is; commands right behind connect wait for it, in order")
    func connects() throws {
        let client = try TestClient(to: gateway)
        let token = try desk.token("ada", name: "Ada", rooms: ["hall"])
        try client.send(
            #"{"id":1,"connect":{"token":"\#(token)","rooms":[{"room":"hall","events":[]}]}}"# + "\n"
                + #"{"id":2,"publish":{"room":"hall","clientId":"1","body":1}}"#)
        try client.send(#"{"id":3,"publish":{"room":"hall","clientId":"2","body":2}}"#)
        let reply = try client.reply(to: 1)
        #expect(reply["user"] == .string("ada") && reply["name"] == .string("Ada"))
        #expect(reply["rooms"]?.elements.first?["kind"] == .string("stored"))
        #expect(try client.reply(to: 2)["offset"] == .number(1))
        #expect(try client.reply(to: 3)["offset"] == .number(2))
    }

    @Test("without a token, with a forged one and with an expired one the answer is unauthorized, and why")
    func refuses() throws {
        let forged = try TokenDesk()
        try "another secret of at least thirty-two bytes".write(
            toFile: forged.secretFile, atomically: true, encoding: .utf8)
        for (arguments, says) in [
            (#"{"user":"ada"}"#, "asks for a token"),
            (#"{"token":"\#(try forged.token("ada"))"}"#, "signature is wrong"),
            (#"{"token":"\#(try desk.token("ada", seconds: -60))"}"#, "expired"),
            (#"{"token":"x"}"#, "three parts"),
        ] {
            let refused = try TestClient(to: gateway).ask("connect", arguments)
            #expect(refused["error"]?["name"] == .string("unauthorized"))
            let message = refused["error"]?["message"]?.text ?? ""
            #expect(message.contains(says), "\(message)")
        }
    }

    @Test("after a refusal another token may be tried on the same connection")
    func triesAgain() throws {
        let client = try TestClient(to: gateway)
        #expect(try client.connect(token: "x")["error"]?["name"] == .string("unauthorized"))
        #expect(try client.connect(token: desk.token("ada"))["user"] == .string("ada"))
    }

    @Test("what the token does not grant is forbidden")
    func forbids() throws {
        let client = try TestClient(to: gateway)
        _ = try client.connect(token: desk.token("ada", rooms: ["news=join,history"]))
        #expect(try client.ask("join", #"{"room":"news"}"#)["kind"] == .string("stored"))
        for (verb, arguments) in [
            ("publish", #"{"room":"news","clientId":"1","body":1}"#), ("join", #"{"room":"hall"}"#),
            ("presence", #"{"room":"news"}"#), ("history", #"{"room":"hall"}"#),
        ] {
            #expect(try client.ask(verb, arguments)["error"]?["name"] == .string("forbidden"), "\(verb)")
        }
    }

    @Test("two tenants in a room of one name never hear of each other, on whatever worker")
    func separates() throws {
        let room = #""rooms":[{"room":"hall","events":[]}]"#
        let clients = try ["acme", "acme", "globex", "globex"].map { tenant in
            let client = try TestClient(to: gateway)
            _ = try client.connect(token: desk.token("ada", tenant: tenant), room)
            return (tenant, client)
        }
        for (tenant, client) in clients {
            let draft = #"{"room":"hall","clientId":"same","body":"\#(tenant)"}"#
            #expect(try client.ask("publish", draft)["offset"] == .number(1))
        }
        for (tenant, client) in clients {
            let heard = try client.message(with: "publication")
            #expect(heard["body"] == .string(tenant) && heard["offset"] == .number(1))
            #expect(try client.ask("history", #"{"room":"hall"}"#)["head"] == .number(1))
        }
    }

    @Test("foreign claim names are read")
    func readsForeignNames() throws {
        let claims = ["user": "userId", "tenant": "https://example.org/tenant"]
        let gateway = try desk.gateway(workers: 1, claims: claims)
        let token = try desk.token("ada", claims: claims)
        #expect(try TestClient(to: gateway).connect(token: token)["user"] == .string("ada"))
        let other = try TestClient(to: self.gateway).connect(token: token)
        #expect(other["error"]?["message"]?.text?.contains("no sub") == true)
    }

    @Test("a session that left while its token was checked costs nothing")
    func leaves() throws {
        let token = try desk.token("ada")
        for _ in 0..<20 {
            let client = try TestClient(to: gateway)
            try client.send(#"{"id":1,"connect":{"token":"\#(token)"}}"#)
        }
        #expect(try TestClient(to: gateway).connect(token: token)["user"] == .string("ada"))
    }

    @Test("the metrics count tokens by result")
    func counts() throws {
        let gateway = try desk.gateway(workers: 1)
        _ = try TestClient(to: gateway).connect(token: desk.token("ada"))
        _ = try TestClient(to: gateway).connect(token: "x")
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        #expect(text.contains("parley_token_verifications_total{result=\"accepted\"} 1\n"))
        #expect(text.contains("parley_token_verifications_total{result=\"refused\"} 1\n"))
    }
}
