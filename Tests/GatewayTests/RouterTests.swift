import TestKit
import Testing

@testable import Gateway

@Suite("Router: each door opens for whom it is meant, and says why it does not")
struct RouterTests {
    @Test("a foreign Host or Origin is 403, at every door")
    func refusesStrangers() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        for target in ["/", "/ws", "/metrics", "/api/v1/rooms/a/publications"] {
            #expect(try connection.ask("GET", target, host: "evil.example").status == 403)
            let foreign = try connection.ask("GET", target, fields: [("Origin", "https://evil.example")])
            #expect(foreign.status == 403 && foreign.text.contains("allowedOrigins"))
        }
        let own = [("Origin", "http://localhost")] + TestClient.handshake
        #expect(try connection.ask("GET", "/ws", fields: own).status == 101)
    }

    @Test("everybody's page may load the client, and read why its handshake was refused")
    func tellsStrangers() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        let foreign = [("Origin", "https://shop.example")]
        for target in ["/client.js", "/client.d.ts"] {
            let answer = try connection.ask("GET", target, fields: foreign)
            #expect(answer.status == 200 && answer["Access-Control-Allow-Origin"] == "*")
        }
        for target in ["/ws", "/wss", "/page/app.js"] {
            let refused = try connection.ask("GET", target, fields: foreign)
            #expect(refused.status == 403 && refused["Access-Control-Allow-Origin"] == "*")
        }
        // Where nothing is wrong with the origin: a wrong path, and a proxy that takes the upgrade away.
        for (target, status) in [("/wss", 404), ("/ws", 426)] {
            let refused = try connection.ask("GET", target, fields: [("Origin", "http://localhost")])
            #expect(refused.status == status && refused["Access-Control-Allow-Origin"] == "*")
        }
        // What the doors say otherwise is for their own pages.
        for target in ["/", "/readyz", "/api/v1/rooms/a/publications"] {
            #expect(try connection.ask("GET", target)["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test("a handshake without what RFC 6455 asks for is refused, and the connection may try again")
    func refusesHandshakes() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        func answer(without name: String, with other: (String, String)? = nil) throws -> HTTPAnswer {
            let fields = TestClient.handshake.filter { $0.0 != name } + [other].compactMap(\.self)
            return try connection.ask("GET", "/ws", fields: fields)
        }
        #expect(try answer(without: "Sec-WebSocket-Key").status == 400)
        #expect(
            try answer(without: "Sec-WebSocket-Key", with: ("Sec-WebSocket-Key", "c2hvcnQ=")).status == 400)
        #expect(try answer(without: "Connection").status == 400)
        for other in [nil, ("Sec-WebSocket-Version", "8")] {
            let refused = try answer(without: "Sec-WebSocket-Version", with: other)
            #expect(refused.status == 426 && refused["Sec-WebSocket-Version"] == "13")
            #expect(refused["Upgrade"] == "websocket")
        }
        #expect(try answer(without: "Upgrade").status == 426)
        let posted = try connection.ask("POST", "/ws", fields: TestClient.handshake)
        #expect(posted.status == 405 && posted["Allow"] == "GET, OPTIONS")
        let offered = TestClient.handshake + [("Sec-WebSocket-Protocol", "other, parley.v1")]
        let agreed = try connection.ask("GET", "/ws", fields: offered)
        #expect(agreed.status == 101 && agreed["Sec-WebSocket-Protocol"] == "parley.v1")
    }

    @Test("OPTIONS is 204 with what a door allows, and * with what any does; it has neither length nor body")
    func answersOptions() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        let all = "GET, HEAD, POST, OPTIONS"
        for (target, allow) in [
            ("*", all), ("/", "GET, HEAD, OPTIONS"), ("/client.js", "GET, HEAD, OPTIONS"),
            ("/ws", "GET, OPTIONS"), ("/healthz", "GET, HEAD, OPTIONS"), ("/metrics", "GET, HEAD, OPTIONS"),
            ("/api/v1/rooms/a/publications", all),
        ] {
            let answer = try connection.ask("OPTIONS", target)
            #expect(answer.status == 204 && answer["Allow"] == allow, "\(target)")
            #expect(answer["Content-Length"] == nil)
        }
        #expect(try connection.ask("OPTIONS", "/nothing").status == 404)
        #expect(try connection.ask("OPTIONS", "/api/v1/nothing").status == 404)
    }

    @Test("a method that nobody knows, or that leads elsewhere, is 501 everywhere, in JSON for the API")
    func refusesMethods() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        for method in ["TRACE", "PROPFIND", "get"] {
            for target in ["/", "/ws", "/nothing"] {
                let refused = try connection.ask(method, target)
                #expect(refused.status == 501 && refused.text.contains(method))
            }
            let refused = try connection.ask(method, "/api/v1/rooms/a/publications")
            #expect(refused.status == 501 && refused["Content-Type"] == "application/json")
        }
    }

    @Test("HEAD answers like GET without the body, at every door; another method is 405 with Allow")
    func answersHead() throws {
        let gateway = try TestGateway(workers: 2)
        let connection = try TestConnection(to: gateway.address)
        for target in ["/", "/client.js", "/healthz", "/readyz", "/metrics", "/api/v1/rooms/a/publications"] {
            let got = try connection.ask("GET", target)
            let head = try connection.ask("HEAD", target)
            #expect(got.status == 200 && head.status == 200, "\(target)")
            #expect(head["Content-Type"] == got["Content-Type"])
            if target != "/metrics" { #expect(head["Content-Length"] == String(got.body.count)) }
            let refused = try connection.ask("PATCH", target)
            #expect(refused.status == 405 && refused["Allow"]?.contains("GET, HEAD") == true)
        }
        for target in ["/nothing", "/api/v1/nothing", "/api/v2/rooms/a/publications", "/healthz/x", "/%ZZ"] {
            #expect(try connection.ask("GET", target).status == (target == "/%ZZ" ? 400 : 404), "\(target)")
        }
    }
}
