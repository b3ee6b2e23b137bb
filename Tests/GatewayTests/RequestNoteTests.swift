import HTTP1
import Logging
import Networking
import Testing

@testable import Gateway

@Suite("RequestNote: a request in the log, without what is nobody's business")
struct RequestNoteTests {
    private static let connection = ConnectionID(worker: 0, number: 7)

    private static let peer = Peer(
        address: SocketAddress(high: 0, low: 0x0A00_0001, isIPv6: false, port: 9),
        neighbour: SocketAddress(high: 0, low: 0x7F00_0001, isIPv6: false, port: 8), isSecure: false)

    private static func note(_ request: HTTPRequest?, _ response: HTTPResponse) -> [String: String] {
        let name = request.map { CorrelationID(of: $0) }
        return RequestNote(request, response, name, on: connection, of: peer).metadata.mapValues(
            \.description)
    }

    @Test("method, path, status and names; neither query nor bodies")
    func tells() {
        let request = HTTPRequest(
            method: "POST", target: "/api/x?secret=1", fields: ["X-Request-Id": "a"], body: Array("b".utf8))
        let expected = [
            "connection": "0-7", "peer": "10.0.0.1:9", "status": "201", "method": "POST", "path": "/api/x",
            "request": "a",
        ]
        #expect(Self.note(request, HTTPResponse(.created, body: Array("c".utf8))) == expected)
    }

    @Test("a refusal tells its reason, on one line")
    func tellsReasons() {
        let request = HTTPRequest(method: "GET", target: "/readyz")
        let note = Self.note(request, HTTPResponse(.serviceUnavailable, text: "not ready: a\nremark: b"))
        #expect(note["reason"] == "not ready: a; remark: b")
    }

    @Test("what was no request has its answer only")
    func passesWhatIsNone() {
        let expected = ["connection": "0-7", "peer": "10.0.0.1:9", "status": "400", "reason": "What?"]
        #expect(Self.note(nil, HTTPResponse(.badRequest, text: "What?")) == expected)
    }

    @Test("a path is cut where it gets long")
    func cuts() {
        let request = HTTPRequest(method: "GET", target: "/" + String(repeating: "x", count: 5_000))
        #expect(Self.note(request, HTTPResponse(.notFound))["path"]?.count == 256)
    }
}
