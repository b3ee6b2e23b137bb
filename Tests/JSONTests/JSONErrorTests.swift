import Testing

@testable import JSON

@Suite("What is said of a text that is not taken")
struct JSONErrorTests {
    @Test("a description names the rule and the byte")
    func describes() {
        #expect(
            JSONError(.unexpectedByte(0x7D), at: 7).description == "the text has an unexpected '}', at byte 7"
        )
        #expect(
            JSONError(.unexpectedByte(0x0A), at: 7).description
                == "the text has an unexpected byte 0x0a, at byte 7")
        #expect(JSONError(.expected(.object), at: 0).description == "the text must be an object, at byte 0")
        #expect(JSONError(.tooDeep, at: 64).description == "the text is nested deeper than 64, at byte 64")
    }

    @Test("what is well-formed but unwelcome is told apart from what is not JSON")
    func knowsFamilies() {
        #expect(JSONError(.nullCharacter, at: 0).family == .refused)
        #expect(JSONError(.loneSurrogate, at: 0).family == .refused)
        #expect(JSONError(.tooDeep, at: 0).family == .refused)
        #expect(JSONError(.notAnInteger, at: 0).family == .mismatch)
        #expect(JSONError(.expected(.null), at: 0).family == .mismatch)
        #expect(JSONError(.invalidUTF8, at: 0).family == .malformed)
    }
}
