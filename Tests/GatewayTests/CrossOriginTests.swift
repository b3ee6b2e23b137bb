import TestKit
import Testing

@testable import Gateway

@Suite("CORS: pages of allowed origins use the API, strangers' do not")
struct CrossOriginTests {
    private static let publications = "/api/v1/rooms/hall/publications"
    private static let shop = "https://shop.example"
    private let connection: TestConnection
    private let gateway: TestGateway

    init() throws {
        gateway = try TestGateway(workers: 1) { $0.allowedOrigins = [Self.shop] }
        connection = try TestConnection(to: gateway.address)
    }

    private func preflight(_ origin: String, _ more: [(String, String)] = []) throws -> HTTPAnswer {
        let fields = [
            ("Origin", origin), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type"),
        ]
        return try connection.ask("OPTIONS", Self.publications, fields: fields + more)
    }

    @Test(
        "a preflight is granted to allowed origins and, in development, loopback's",
        arguments: [shop, "http://localhost:3000"])
    func grants(_ origin: String) throws {
        let answer = try preflight(origin, [("Access-Control-Request-Private-Network", "true")])
        #expect(answer.status == 204 && answer["Access-Control-Allow-Origin"] == origin)
        #expect(answer["Access-Control-Allow-Methods"] == "GET, HEAD, POST")
        #expect(answer["Access-Control-Allow-Headers"] == "Authorization, Content-Type, X-Request-Id")
        #expect(answer["Access-Control-Max-Age"] == "600" && answer["Vary"] == "Origin")
        #expect(answer["Access-Control-Allow-Credentials"] == nil)
        #expect(answer["Access-Control-Allow-Private-Network"] == nil)
    }

    @Test("a stranger's preflight, and its request, are 403 and unreadable to it")
    func refuses() throws {
        let stranger = "https://evil.example"
        for refused in [
            try preflight(stranger),
            try connection.ask("GET", Self.publications, fields: [("Origin", stranger)]),
        ] {
            #expect(refused.status == 403 && refused["Access-Control-Allow-Origin"] == nil)
            #expect(refused["Vary"] == "Origin")
        }
    }

    @Test("answers and refusals are readable by the page that asked, with what stands beside them")
    func dresses() throws {
        let origin = ("Origin", Self.shop)
        let draft = #"{"clientId":"1","body":1}"#
        func answer(_ method: String, _ target: String, _ type: String, _ body: String?) throws -> HTTPAnswer
        {
            try connection.ask(method, target, fields: [origin, ("Content-Type", type)], body: body)
        }
        let answers = [
            (201, try answer("POST", Self.publications, "application/json", draft)),
            (200, try answer("GET", Self.publications, "application/json", nil)),
            (415, try answer("POST", Self.publications, "text/plain", draft)),
            (404, try answer("GET", "/api/v1/nothing", "text/plain", nil)),
            (405, try answer("DELETE", Self.publications, "text/plain", nil)),
            (501, try answer("BREW", Self.publications, "text/plain", nil)),
            (
                413,
                try answer(
                    "POST", Self.publications, "application/json", String(repeating: "x", count: 99_999))
            ),
        ]
        for (status, answer) in answers {
            #expect(
                answer.status == status && answer["Access-Control-Allow-Origin"] == Self.shop, "\(status)")
            #expect(answer["Access-Control-Expose-Headers"] == "Retry-After, X-Request-Id")
            #expect(answer["Vary"] == "Origin" && answer["Content-Type"] == "application/json")
        }
    }

    @Test("a program without an origin is told nothing but that others may get another answer")
    func isSilent() throws {
        let answer = try connection.ask("GET", Self.publications)
        #expect(answer["Vary"] == "Origin" && answer["Access-Control-Allow-Origin"] == nil)
        let asked = try connection.ask("OPTIONS", Self.publications, fields: [("Origin", Self.shop)])
        #expect(asked.status == 204 && asked["Access-Control-Allow-Methods"] == nil)
    }
}
