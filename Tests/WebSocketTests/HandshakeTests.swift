import HTTP1
import TestKit
import Testing
import WebSocket

struct HandshakeVector: Decodable, Sendable, CustomTestStringConvertible {
    var name, rule, request: String
    var served: [String]
    var status: Int
    var fields: [[String]]
    var error: String?
    var testDescription: String { "\(name) (\(rule))" }
}

@Suite("RFC 6455 §4.2 opening handshake")
struct HandshakeTests {
    func request(_ text: String) throws -> HTTPRequest {
        var parser = RequestParser(limits: RequestLimits(bodyBytes: 0))
        let bytes = Array(text.utf8)
        parser.receive(bytes.span)
        guard case .request(let request) = try #require(try parser.nextEvent()) else {
            throw HTTPError.malformedField
        }
        return request
    }

    @Test(
        "every vector is answered as it says",
        arguments: Vectors.load("websocket-handshakes", as: HandshakeVector.self))
    func playsVector(_ vector: HandshakeVector) throws {
        let request = try request(vector.request)
        do throws(HandshakeError) {
            let handshake = try Handshake(request, serving: vector.served)
            #expect(vector.error == nil)
            #expect(handshake.response.status.code == vector.status)
            #expect(handshake.response.fields.all.map { [$0.name, $0.value] } == vector.fields)
            #expect(handshake.subprotocol == handshake.response.fields["Sec-WebSocket-Protocol"])
        } catch {
            #expect(error.rawValue == vector.error)
            #expect(error.response.status.code == vector.status)
            for field in vector.fields { #expect(error.response.fields[field[0]] == field[1]) }
        }
    }

    func offering(_ extensions: String) throws -> HTTPRequest {
        try request(
            """
            GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            Sec-WebSocket-Extensions: \(extensions)\r\n\r\n
            """)
    }

    @Test("RFC 7692 §5: compression is agreed on where it is offered and wanted")
    func agreesOnCompression() throws {
        let request = try offering("foo, permessage-deflate; client_max_window_bits")
        let handshake = try Handshake(request, serving: [], deflate: DeflatePolicy())
        #expect(handshake.deflate?.serverForgets == true)
        #expect(handshake.response.fields["Sec-WebSocket-Extensions"] == handshake.deflate?.text)
        let without = try Handshake(request, serving: [])
        #expect(without.deflate == nil && without.response.fields["Sec-WebSocket-Extensions"] == nil)
    }

    @Test("an offer that cannot be taken is declined, and the handshake goes on")
    func declinesOffer() throws {
        let request = try offering("permessage-deflate; server_max_window_bits=8")
        let handshake = try Handshake(request, serving: [], deflate: DeflatePolicy())
        #expect(handshake.deflate == nil && handshake.response.fields["Sec-WebSocket-Extensions"] == nil)
    }

    @Test("RFC 6455 §9.1: a malformed list is refused, also where no extension is wanted")
    func refusesMalformedExtensions() throws {
        let request = try offering("permessage-deflate; server_max_window_bits=")
        #expect(throws: HandshakeError.malformedExtensions) { _ = try Handshake(request, serving: []) }
    }

    @Test("every refusal has a status of failure and a sentence", arguments: HandshakeError.allCases)
    func isTold(_ error: HandshakeError) {
        #expect((400...499).contains(error.status.code))
        #expect(error.response.body == Array((error.sentence + "\n").utf8))
    }

    @Test("§1.3: the accept value of the RFC's key")
    func computesAccept() {
        #expect(Handshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("a request without Upgrade asks for no WebSocket")
    func tellsWhetherAsked() throws {
        #expect(!Handshake.isAskedFor(by: try request("GET / HTTP/1.1\r\nHost: h\r\n\r\n")))
        #expect(
            Handshake.isAskedFor(by: try request("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\n\r\n")))
    }
}
