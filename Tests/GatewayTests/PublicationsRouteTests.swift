import TestKit
import Testing

@testable import Gateway

@Suite("chat.md §14: REST, at a live gateway")
struct PublicationsRouteTests {
    private let gateway: TestGateway
    private let connection: TestConnection

    init() throws {
        gateway = try TestGateway(workers: 2)
        connection = try TestConnection(to: gateway.address)
    }

    private func post(
        _ body: String, room: String = "hall", type: String? = "application/json"
    ) throws -> (status: Int, json: JSONValue) {
        let answer = try connection.ask(
            "POST", "/api/v1/rooms/\(room)/publications", fields: type.map { [("Content-Type", $0)] } ?? [],
            body: body)
        return (answer.status, try JSONValue(parsing: answer.text))
    }

    private func get(_ query: String, room: String = "hall") throws -> (status: Int, json: JSONValue) {
        let answer = try connection.ask("GET", "/api/v1/rooms/\(room)/publications\(query)")
        #expect(answer["Content-Type"] == "application/json" && answer["Cache-Control"] == "no-store")
        return (answer.status, try JSONValue(parsing: answer.text))
    }

    @Test("a draft is 201 with its position, a retry 200 with the same, another body under its id 409")
    func publishes() throws {
        let listener = try gateway.client("ada", rooms: #"[{"room":"hall","events":[]}]"#)
        let first = try post(
            #"{"clientId":"o-1","body":{"text":"Shipped."},"user":"shop","name":"The shop"}"#)
        #expect(first.status == 201 && first.json["offset"] == .number(1) && first.json["repeat"] == nil)
        let heard = try listener.message(with: "publication")
        #expect(heard["user"] == .string("shop") && heard["name"] == .string("The shop"))
        let again = try post(#"{"clientId":"o-1","body":{"text":"Shipped."},"user":"shop"}"#)
        #expect(
            again.status == 200 && again.json["offset"] == .number(1) && again.json["repeat"] == .bool(true))
        let other = try post(#"{"clientId":"o-1","body":{"text":"Lost."},"user":"shop"}"#)
        #expect(other.status == 409 && other.json["error"]?["name"] == .string("clientIdReused"))
    }

    @Test("a draft over several lines becomes one line on the sockets")
    func joinsLines() throws {
        let listener = try gateway.client("ada", rooms: #"[{"room":"hall","events":[]}]"#)
        #expect(try post("{\n\"clientId\": \"1\",\n\"body\": {\n\"a\":\n1}}\n").status == 201)
        #expect(try listener.message(with: "publication")["body"]?["a"] == .number(1))
    }

    @Test("in an ephemeral room the answer is the time alone, and history is 409")
    func isEphemeral() throws {
        let told = try post(#"{"body":1}"#, room: "live%3Ax")
        #expect(told.status == 201 && told.json["offset"] == nil && told.json["time"]?.number != nil)
        let refused = try get("", room: "live%3Ax")
        #expect(refused.status == 409 && refused.json["error"]?["name"] == .string("notStored"))
    }

    @Test(
        "what is no draft is refused with status, name and a sentence that names the field",
        arguments: [
            ("not json", 400, "badRequest", "content"), ("[]", 400, "badRequest", "content"),
            ("{}", 400, "badRequest", "body: is missing"),
            (#"{"body":1}"#, 400, "badRequest", "clientId"),
            (#"{"clientId":1,"body":1}"#, 400, "badRequest", "clientId"),
            (#"{"clientId":"1","body":1,"user":""}"#, 400, "badRequest", "user"),
            (
                #"{"clientId":"1","body":"\#(String(repeating: "x", count: 33_000))"}"#, 413, "tooLarge",
                "32768"
            ),
        ])
    func refusesDrafts(_ body: String, _ status: Int, _ name: String, _ says: String) throws {
        let refused = try post(body)
        #expect(refused.status == status && refused.json["error"]?["name"] == .string(name))
        let message = try #require(refused.json["error"]?["message"]?.text)
        #expect(message.contains(says), "\(message)")
        #expect(try connection.ask("GET", "/healthz").status == 200)
    }

    @Test(
        "content of another type, or of none, is refused with what to send", arguments: ["text/plain", nil])
    func refusesTypes(_ type: String?) throws {
        let refused = try post(#"{"clientId":"1","body":1}"#, type: type)
        #expect(refused.status == 415)
        #expect(refused.json["error"]?["message"]?.text?.contains("application/json") == true)
    }

    @Test("parameters behind the type, and its case, do not matter")
    func readsTypes() throws {
        #expect(
            try post(#"{"clientId":"1","body":1}"#, type: "Application/JSON; charset=utf-8").status == 201)
    }

    @Test(
        "a room that is none is 400, one that is the server's own 403",
        arguments: [("%20a", 400), ("a%2A", 400), ("a%00", 400), ("%24user%3Aada", 403)])
    func refusesRooms(_ room: String, _ status: Int) throws {
        #expect(try post(#"{"clientId":"1","body":1}"#, room: room).status == status)
        #expect(try get("", room: room).status == status)
    }

    @Test("an escaped slash stays in the room's name")
    func decodesRooms() throws {
        #expect(try post(#"{"clientId":"1","body":1}"#, room: "a%2Fb%20%C3%A9").status == 201)
        #expect(try get("", room: "a%2fb%20%c3%a9").json["room"] == .string("a/b é"))
    }

    @Test("GET pages through the past in both directions, oldest first")
    func pages() throws {
        for number in 1...7 { _ = try post(#"{"clientId":"\#(number)","body":\#(number)}"#) }
        func offsets(_ query: String) throws -> ([Int64], more: JSONValue?) {
            let page = try get(query)
            #expect(page.status == 200 && page.json["head"] == .number(7) && page.json["epoch"]?.text != nil)
            return (
                page.json["publications"]?.elements.compactMap { $0["offset"]?.number } ?? [],
                page.json["more"]
            )
        }
        #expect(try offsets("") == ([1, 2, 3, 4, 5, 6, 7], .bool(false)))
        #expect(try offsets("?limit=3") == ([5, 6, 7], .bool(true)))
        #expect(try offsets("?before=5&limit=3") == ([2, 3, 4], .bool(true)))
        #expect(try offsets("?before=2") == ([1], .bool(false)))
        #expect(try offsets("?after=0&limit=2") == ([1, 2], .bool(true)))
        #expect(try offsets("?after=6") == ([7], .bool(false)))
        #expect(try offsets("?after=7") == ([], .bool(false)))
        #expect(try offsets("?after=9007199254740991") == ([], .bool(false)))
        #expect(try get("", room: "never").json["head"] == .number(0))
    }

    @Test(
        "a query that is none is 400 and names its part",
        arguments: ["?before=1&after=1", "?before=x", "?after=-1", "?limit=0", "?limit=1001", "?before=%ZZ"])
    func refusesQueries(_ query: String) throws {
        let refused = try get(query)
        #expect(refused.status == 400 && refused.json["error"]?["name"] == .string("badRequest"))
    }

    @Test("a draft in a coding, or with two types, is 415")
    func refusesCodings() throws {
        for fields in [
            [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
            [("Content-Type", "application/json"), ("Content-Type", "text/plain")],
        ] {
            let refused = try connection.ask(
                "POST", "/api/v1/rooms/hall/publications", fields: fields, body: #"{"clientId":"1","body":1}"#
            )
            #expect(refused.status == 415)
            #expect(try JSONValue(parsing: refused.text)["error"]?["name"] == .string("badRequest"))
        }
    }

    @Test(
        "a draft that does not say where it ends is 411, and what follows is not read",
        arguments: ["POST", "PUT"])
    func wantsLength(_ method: String) throws {
        try connection.request(method, "/api/v1/rooms/hall/publications")
        try connection.request("GET", "/healthz")
        let refused = try connection.answer()
        #expect(refused.status == 411 && refused["Connection"] == "close")
        #expect(try JSONValue(parsing: refused.text)["error"]?["name"] == .string("badRequest"))
        #expect(try connection.readToEnd() == [])
    }

    @Test("another method is 405 with those there are, in JSON")
    func refusesMethods() throws {
        let refused = try connection.ask("DELETE", "/api/v1/rooms/hall/publications")
        #expect(refused.status == 405 && refused["Allow"] == "GET, HEAD, POST, OPTIONS")
        #expect(try JSONValue(parsing: refused.text)["error"]?["name"] == .string("methodNotAllowed"))
    }
}
