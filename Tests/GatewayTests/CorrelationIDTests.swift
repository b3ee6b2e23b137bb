import HTTP1
import Testing

@testable import Gateway

@Suite("CorrelationID: a REST call keeps its caller's sane name for it, or gets one")
struct CorrelationIDTests {
    private static func id(_ sent: String...) -> String {
        var fields = HTTPFields()
        for value in sent { fields.append("x-request-id", value) }
        return CorrelationID(of: HTTPRequest(method: "GET", target: "/api/", fields: fields)).description
    }

    @Test(
        "1 to 64 visible ASCII bytes are kept",
        arguments: ["a", "7f3c-1", "!~", String(repeating: "x", count: 64)])
    func keeps(_ sent: String) { #expect(Self.id(sent) == sent) }

    @Test(
        "everything else is replaced by a name of its own",
        arguments: ["", "a b", "a\tb", "é", "a\u{7F}", String(repeating: "x", count: 65)])
    func replaces(_ sent: String) {
        let id = Self.id(sent)
        #expect(id != sent && id.utf8.count == 12)
        #expect(id != Self.id(sent))
    }

    @Test("two names are none, and no name gets one")
    func needsOne() {
        #expect(Self.id("a", "b").utf8.count == 12)
        #expect(Self.id().utf8.count == 12)
    }
}
