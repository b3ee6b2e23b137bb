import Chat
import ChatProtocol
import HTTP1
import TestKit
import Testing

@testable import Gateway

@Suite("RFC 6750: tokens of REST calls, at a live gateway", .timeLimit(.minutes(2)))
struct BearerCheckTests {
    private let desk: TokenDesk
    private let gateway: TestGateway
    private let connection: TestConnection

    init() throws {
        desk = try TokenDesk()
        gateway = try desk.gateway()
        connection = try TestConnection(to: gateway.address)
    }

    private let draft = #"{"clientId":"1","body":"hello"}"#

    @Test(
        "without a token, and with one that is refused, it is 401 with what is wanted, and nothing is stored")
    func asksForTokens() throws {
        for token in [nil, "x", "", try desk.token("ada", seconds: -60)] {
            for method in ["POST", "GET"] {
                let body = method == "POST" ? draft : nil
                let refused = try connection.call(method, "hall", token: token, body: body)
                #expect(refused.answer.status == 401 && refused.answer["WWW-Authenticate"] == "Bearer")
                #expect(refused.json["error"]?["name"] == .string("unauthorized"))
            }
        }
        let page = try connection.call("GET", "hall", token: desk.token("ada"))
        #expect(page.answer.status == 200 && page.json["head"] == .number(0))
    }

    @Test("strangers learn nothing of rooms, contents and queries")
    func tellsStrangersNothing() throws {
        #expect(try connection.call("POST", "hall", token: nil, body: "no json").answer.status == 401)
        #expect(try connection.call("GET", "%20", token: nil).answer.status == 401)
        #expect(try connection.call("GET", "hall", token: nil, query: "?limit=0").answer.status == 401)
    }

    @Test("the token says user and name; in the content they are refused")
    func believesTheToken() throws {
        let token = try desk.token("shop", name: "The shop")
        #expect(try connection.call("POST", "hall", token: token, body: draft).answer.status == 201)
        let page = try connection.call("GET", "hall", token: token).json["publications"]?.elements.first
        #expect(page?["user"] == .string("shop") && page?["name"] == .string("The shop"))
        for field in ["user", "name"] {
            let body = #"{"clientId":"2","body":1,"\#(field)":"ada"}"#
            let refused = try connection.call("POST", "hall", token: token, body: body)
            #expect(refused.answer.status == 400)
            #expect(refused.json["error"]?["message"]?.text?.contains("the token says both") == true)
        }
    }

    @Test("what the token does not grant is 403")
    func forbids() throws {
        let token = try desk.token("ada", rooms: ["news=history", "box=publish"])
        #expect(try connection.call("GET", "news", token: token).answer.status == 200)
        #expect(try connection.call("POST", "box", token: token, body: draft).answer.status == 201)
        for (method, room) in [("POST", "news"), ("GET", "box"), ("GET", "hall"), ("POST", "hall")] {
            let refused = try connection.call(
                method, room, token: token, body: method == "POST" ? draft : nil)
            #expect(refused.answer.status == 403 && refused.json["error"]?["name"] == .string("forbidden"))
        }
    }

    @Test("tenants do not meet: the same room, user and clientId are another draft there")
    func separates() throws {
        let tokens = try ["acme", "globex"].map { try desk.token("ada", tenant: $0) }
        for (place, token) in tokens.enumerated() {
            let body = #"{"clientId":"same","body":\#(place)}"#
            let stored = try connection.call("POST", "hall", token: token, body: body)
            #expect(stored.answer.status == 201 && stored.json["offset"] == .number(1))
        }
        for (place, token) in tokens.enumerated() {
            let page = try connection.call("GET", "hall", token: token).json
            #expect(page["head"] == .number(1))
            #expect(page["publications"]?.elements.map { $0["body"] } == [.number(Int64(place))])
        }
    }

    @Test("requests sent ahead are answered in order, each by its own token")
    func keepsOrder() throws {
        for number in 1...20 {
            let token = try number % 5 == 0 ? "x" : desk.token("u\(number)")
            try connection.request(
                "POST", "/api/v1/rooms/hall/publications",
                fields: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")],
                body: #"{"clientId":"\#(number)","body":\#(number)}"#)
        }
        var offset: Int64 = 0
        for number in 1...20 {
            let answer = try connection.answer()
            guard number % 5 != 0 else {
                #expect(answer.status == 401)
                continue
            }
            offset += 1
            #expect(answer.status == 201)
            #expect(try JSONValue(parsing: answer.text)["offset"] == .number(offset))
        }
    }

    @Test("the scheme's case does not matter; other schemes, and two fields, are no token")
    func readsFields() throws {
        let token = try desk.token("ada")
        func status(_ values: String...) throws -> Int {
            try connection.ask(
                "GET", "/api/v1/rooms/hall/publications", fields: values.map { ("Authorization", $0) }
            ).status
        }
        #expect(try status("bearer \(token)") == 200 && status("BEARER   \(token)") == 200)
        #expect(try status("Basic \(token)") == 401 && status(token) == 401 && status("Bearer") == 401)
        #expect(try status("Bearer \(token)", "Bearer \(token)") == 401)
        #expect(try status("Bearer \(token) x") == 401)
    }

    @Test("in development mode a token cannot be checked and is refused; other fields do not matter")
    func refusesInDevelopment() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        let refused = try connection.call("GET", "hall", token: "x")
        #expect(refused.answer.status == 401)
        #expect(refused.json["error"]?["message"]?.text?.contains("no secret and no key set") == true)
        let plain = try connection.ask(
            "GET", "/api/v1/rooms/hall/publications", fields: [("Authorization", "Basic YTpi")])
        #expect(plain.status == 200)
        try gateway.stop()
    }

    @Test("a token that cannot be checked just now is 503, and when to come back")
    func isBusy() {
        let check = BearerCheck(verifier: BusyVerifier(), retryAfterMs: 700)
        var outcome: Result<Caller?, ErrorReply>?
        check.identify(HTTPRequest(method: "GET", target: "/", fields: ["Authorization": "Bearer x"])) {
            outcome = $0
        }
        guard case .failure(let error) = outcome else {
            Issue.record("nobody was identified")
            return
        }
        #expect(error.code == .unavailable && error.retryAfterMs == 700)
    }
}

private final class BusyVerifier: TokenVerifier {
    func verify(_ token: String, completion: @escaping (Result<Caller, TokenRefusal>) -> Void) {
        completion(.failure(.unavailable))
    }
}
