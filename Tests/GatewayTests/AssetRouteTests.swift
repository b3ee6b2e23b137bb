import Bytes
import HTTP1
import Testing

@testable import BrowserClient
@testable import Gateway

@Suite("AssetRoute: the page out of memory")
struct AssetRouteTests {
    private static let script = BrowserAsset(
        "/client.js", "text/javascript; charset=utf-8", Array("x".utf8))
    private static let tag = script.etag
    private let route = AssetRoute([script])

    private func answer(
        _ method: String = "GET", _ target: String = "/client.js", fields: HTTPFields = [:]
    ) -> (response: HTTPResponse, body: SharedBytes?) {
        switch route.route(HTTPRequest(method: method, target: target, fields: fields)) {
        case .answer(let response): return (response, nil)
        case .asset(let response, let body): return (response, body)
        case .upgrade, .later: preconditionFailure("a file is answered at once")
        }
    }

    @Test("GET and HEAD get the file's fields and share its bytes; a query changes nothing")
    func serves() throws {
        for (method, target) in [("GET", "/client.js"), ("HEAD", "/client.js"), ("GET", "/client.js?v=2")] {
            let (response, body) = answer(method, target)
            #expect(response.status == .ok)
            #expect(response.fields["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(response.fields["ETag"] == Self.tag)
            let bytes = try #require(body)
            #expect(bytes.count == 1 && bytes.span[0] == UInt8(ascii: "x"))
        }
        #expect(answer().body === answer("GET", "/client.js").body)
    }

    @Test("a page may load its own files and nothing else, and be framed by nobody")
    func setsPolicy() throws {
        let fields = answer().response.fields
        let policy = try #require(fields["Content-Security-Policy"])
        for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            #expect(policy.contains(rule))
        }
        #expect(!policy.contains("unsafe"))
        #expect(fields["X-Content-Type-Options"] == "nosniff")
        #expect(fields["Referrer-Policy"] == "no-referrer")
    }

    @Test("pages of every origin may load the client and its types; the page's own files are its own")
    func sharesTheClient() {
        let client = BrowserAsset("/client.js", "text/javascript", Array("x".utf8), isForEveryone: true)
        let page = BrowserAsset("/page/app.js", "text/javascript", Array("x".utf8))
        let route = AssetRoute([client, page])
        let fields = [client, page].map { asset -> HTTPFields in
            guard case .asset(let response, _) = route.route(HTTPRequest(method: "GET", target: asset.path))
            else {
                return [:]
            }
            return response.fields
        }
        #expect(fields.map { $0["Access-Control-Allow-Origin"] } == ["*", nil])
        #expect(fields.map { $0["Cross-Origin-Resource-Policy"] } == ["cross-origin", nil])
        #expect(fields.map { $0["X-TypeScript-Types"] } == ["./client.d.ts", nil])
    }

    @Test("the client bears the version of the server it comes with")
    func bearsTheVersion() throws {
        let client = try #require(BrowserAssets.all.first { $0.path == "/client.js" })
        let text = String(decoding: client.bytes, as: UTF8.self)
        #expect(text.contains("const version = \"\(Build.version)\";"))
    }

    @Test(
        "RFC 9110 §13.1.2: who has the file gets 304 without it, compared weakly",
        arguments: [tag, "\"x\", \(tag)", "W/\(tag)", "*"])
    func answersNotModified(_ known: String) {
        let (response, body) = answer(fields: ["If-None-Match": known])
        #expect(response.status == .notModified && body == nil && response.body.isEmpty)
        #expect(response.fields["ETag"] == Self.tag)
    }

    @Test("who has another gets the file", arguments: ["\"abd\"", "abd", "W/\"abd\""])
    func answersModified(_ known: String) {
        #expect(answer(fields: ["If-None-Match": known]).response.status == .ok)
    }

    @Test("another name is 404, another method 405 with those that are allowed")
    func refuses() {
        #expect(answer("GET", "/nothing").response.status == .notFound)
        #expect(answer("POST", "/nothing").response.status == .notFound)
        #expect(answer("GET", "/../client.js").response.status == .notFound)
        let refused = answer("DELETE").response
        #expect(refused.status == .methodNotAllowed && refused.fields["Allow"] == "GET, HEAD")
    }
}
