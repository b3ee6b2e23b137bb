import Testing

@testable import HTTP1

@Suite("RFC 9112 §6 body framing")
struct RequestHeadTests {
    func framing(_ fields: [(String, String)], version: String = "HTTP/1.1") throws -> RequestHead.Framing {
        let line = Array("POST / \(version)".utf8)
        var head = try RequestHead(requestLine: line.span)
        head.fields.append("Host", "h")
        for (name, value) in fields { head.fields.append(name, value) }
        return try head.finish()
    }

    @Test("without a length or a transfer coding there is no body")
    func hasNoBody() throws {
        #expect(try framing([]) == .none)
        #expect(try framing([("Content-Length", "0")]) == .none)
    }

    @Test("a length or chunks frame the body")
    func isFramed() throws {
        #expect(try framing([("Content-Length", "12")]) == .length(12))
        #expect(try framing([("Transfer-Encoding", "chunked")]) == .chunked)
    }

    @Test("both together, or chunks in the old version, are refused")
    func refusesContradiction() {
        let both = [("Content-Length", "12"), ("Transfer-Encoding", "chunked")]
        #expect(throws: HTTPError.lengthAndTransferEncoding) { try framing(both) }
        #expect(throws: HTTPError.transferEncodingInOldVersion) { try framing(both, version: "HTTP/1.0") }
    }
}
