import JSON
import Testing

@testable import ChatProtocol

@Suite("One object becoming an envelope")
struct EnvelopeScanTests {
    private func scan(_ text: String, isTolerant: Bool = false) -> (JSONError?, EnvelopeDecoder.Line) {
        let bytes = Array(text.utf8)
        var scan = EnvelopeScan(limits: EnvelopeDecoder.Limits())
        let error = scan.read(bytes.span, isTolerant: isTolerant)
        return (error, scan.line(of: bytes.span))
    }

    @Test("the first fault is the one that is told")
    func tellsFirst() {
        let (error, line) = scan(#"{"join":{"room":1},"id":"x"}"#)
        #expect(error == nil)
        #expect(line == .refused(id: nil, ErrorReply(.badRequest, "join.room: must be a string")))
    }

    @Test("what is refused stops a strict scan and not a tolerant one")
    func tolerates() {
        let text = #"{"leave":{"room":"\u0000"},"id":4}"#
        #expect(scan(text).0 == JSONError(.nullCharacter, at: 18))
        let (error, line) = scan(text, isTolerant: true)
        #expect(error == nil)
        guard case .refused(4, _) = line else {
            Issue.record("\(line)")
            return
        }
    }
}
