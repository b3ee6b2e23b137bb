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
        #expect(fields["X-Frame-Options"] == "DENY")
        #expect(fields["Cross-Origin-Opener-Policy"] == "same-origin")
        #expect(fields["Permissions-Policy"]?.contains("camera=()") == true)
    }

    @Test("a text of some size has a gzip form with a tag of its own, for whoever takes it")
    func compresses() throws {
        let text = BrowserAsset("/a.css", "text/css", Array(repeating: UInt8(ascii: "x"), count: 4_096))
        let route = AssetRoute([text])
        func answer(_ fields: HTTPFields) throws -> (fields: HTTPFields, count: Int) {
            let request = HTTPRequest(method: "GET", target: "/a.css", fields: fields)
            guard case .asset(let response, let body) = route.route(request) else { return ([:], 0) }
            #expect(response.status == .ok && response.fields["Vary"] == "Accept-Encoding")
            return (response.fields, body.count)
        }
        let plain = try answer([:])
        #expect(plain.count == 4_096 && plain.fields["Content-Encoding"] == nil)
        #expect(plain.fields["ETag"] == text.etag)
        let coded = try answer(["Accept-Encoding": "br, gzip"])
        #expect(coded.count < 100 && coded.fields["Content-Encoding"] == "gzip")
        let tag = try #require(coded.fields["ETag"])
        #expect(tag != text.etag && tag.hasPrefix("\"") && tag.hasSuffix("-gzip\""))
        // Who holds the one does not hold the other.
        #expect(try answer(["If-None-Match": tag]).count == 4_096)
        for known in [tag, "W/" + tag, "*"] {
            let fields: HTTPFields = ["Accept-Encoding": "gzip", "If-None-Match": known]
            let request = HTTPRequest(method: "GET", target: "/a.css", fields: fields)
            guard case .answer(let response) = route.route(request) else {
                Issue.record("\(known) is not known")
                continue
            }
            #expect(response.status == .notModified && response.fields["ETag"] == tag)
            #expect(response.fields["Vary"] == "Accept-Encoding" && response.fields["Content-Type"] == nil)
            #expect(response.fields["Content-Encoding"] == nil)
        }
    }

    @Test("If-Match of another file is 412; Range is overlooked")
    func readsPreconditions() {
        #expect(answer(fields: ["If-Match": "\"other\""]).response.status == .preconditionFailed)
        #expect(answer(fields: ["If-Match": "W/\(Self.tag)"]).response.status == .preconditionFailed)
        for tag in ["*", Self.tag, "\"other\", \(Self.tag)"] {
            #expect(answer(fields: ["If-Match": tag]).response.status == .ok)
        }
        let whole = answer(fields: ["Range": "bytes=0-0"]).response
        #expect(whole.status == .ok && whole.fields["Accept-Ranges"] == nil)
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

    @Test("who has another gets the file", arguments: ["\"abd\"", "abd", "W/\"abd\"", "\"abd\", *"])
    func answersModified(_ known: String) {
        #expect(answer(fields: ["If-None-Match": known]).response.status == .ok)
    }

    @Test("another name is 404, another method 405 with those that are allowed")
    func refuses() {
        #expect(answer("GET", "/nothing").response.status == .notFound)
        #expect(answer("POST", "/nothing").response.status == .notFound)
        #expect(answer("GET", "/../client.js").response.status == .notFound)
        let refused = answer("DELETE").response
        #expect(refused.status == .methodNotAllowed && refused.fields["Allow"] == "GET, HEAD, OPTIONS")
    }
}
