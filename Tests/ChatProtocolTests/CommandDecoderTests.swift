import JSON
import Testing

@testable import ChatProtocol

@Suite("What stands behind a verb")
struct CommandDecoderTests {
    private let decoder = CommandDecoder(limits: EnvelopeDecoder.Limits())

    @Test("every verb is known by its name alone; the reader stands behind its value afterwards")
    func knowsVerbs() throws {
        let verbs: [JSONKey] = [
            "connect", "join", "leave", "publish", "history", "presence", "typing", "rooms", "ping", "pong",
        ]
        for verb in verbs {
            let bytes = Array(#"{"room":"a","body":1,"future":[]} x"#.utf8)
            var json = JSONReader()
            #expect(try decoder.command(verb, &json, in: bytes.span) != nil)
            #expect(json.offset == bytes.count - 2)
        }
    }

    @Test("an unknown verb is nil and leaves its value unread")
    func leavesUnknown() throws {
        var json = JSONReader()
        #expect(try decoder.command("shout", &json, in: Array("{}".utf8).span) == nil)
        #expect(json.offset == 0)
    }
}
