import Bytes
import HTTP1
import Testing

@Suite("RFC 9112 §4 responses")
struct ResponseWriterTests {
    func text(_ response: HTTPResponse, by writer: ResponseWriter) throws -> String {
        var output = ByteWriter()
        try writer.write(response, to: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    let get = HTTPRequest(method: "GET", target: "/")
    let hello = HTTPResponse(.ok, fields: ["Content-Type": "text/plain"], body: Array("hello".utf8))

    @Test("an answer has a status line, its fields, its length and its body")
    func writesAll() throws {
        let written = try text(
            hello, by: ResponseWriter(answering: get, date: "Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(
            written
                == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 5\r\n\r\nhello")
    }

    @Test("the answer to HEAD says how long the body would be and omits it")
    func omitsBodyForHead() throws {
        let head = HTTPRequest(method: "HEAD", target: "/")
        let written = try text(hello, by: ResponseWriter(answering: head))
        #expect(written.hasSuffix("Content-Length: 5\r\n\r\n"))
    }

    @Test("an answer after which the connection closes says so")
    func tellsClose() throws {
        #expect(try text(hello, by: ResponseWriter()).contains("\r\nConnection: close\r\n"))
        let old = HTTPRequest(method: "GET", target: "/", version: .http10)
        #expect(try text(hello, by: ResponseWriter(answering: old)).contains("\r\nConnection: close\r\n"))
        let asked = HTTPRequest(
            method: "GET", target: "/", version: .http10, fields: ["Connection": "keep-alive"])
        #expect(
            try text(hello, by: ResponseWriter(answering: asked)).contains("\r\nConnection: keep-alive\r\n"))
    }

    @Test(
        "1xx, 204 and 304 have neither length nor body",
        arguments: [HTTPStatus.continue, .switchingProtocols, .noContent, .notModified])
    func hasNoBody(_ status: HTTPStatus) throws {
        let written = try text(HTTPResponse(status, body: [1]), by: ResponseWriter(answering: get))
        #expect(written == "HTTP/1.1 \(status.code) \(status.reason)\r\n\r\n")
    }

    @Test("101 names in Connection what it switches to")
    func writesUpgrade() throws {
        let response = HTTPResponse(.switchingProtocols, fields: ["Connection": "Upgrade", "Upgrade": "x"])
        let written = try text(response, by: ResponseWriter(answering: get))
        #expect(written == "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
    }

    @Test(
        "a field that breaks out of its line is refused and nothing is written",
        arguments: [
            ("A", "x\r\nSet-Cookie: y"), ("A", "x\ny"), ("A", "x\ry"), ("A", "\0"), ("A", "\u{7F}"),
            ("A", " x"),
            ("A", "x "), ("A b", "x"), ("A:", "x"), ("", "x"), ("A\r\n", "x"), ("content-length", "5"),
            ("Transfer-Encoding", "chunked"), ("connection", "close"), ("Date", "today"),
        ])
    func refusesInjection(_ name: String, _ value: String) {
        var output = ByteWriter()
        let response = HTTPResponse(.ok, fields: ["B": "fine", name: value])
        #expect(throws: HTTPError.unwritableField) {
            try ResponseWriter(answering: get).write(response, to: &output)
        }
        #expect(output.count == 0)
    }

    @Test("a head alone announces a body that is queued beside it")
    func writesHead() throws {
        var output = ByteWriter()
        try ResponseWriter(answering: get).writeHead(HTTPResponse(.ok), bodyCount: 70_000, to: &output)
        #expect(
            String(decoding: output.bytes, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n")
    }
}
