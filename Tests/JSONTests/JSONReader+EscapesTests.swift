import Testing

@testable import JSON

@Suite("RFC 8259 §7 escapes")
struct JSONReaderEscapesTests {
    private func string(_ text: String, isTolerant: Bool = false) throws -> String {
        var reader = JSONReader()
        reader.isTolerant = isTolerant
        return String(decoding: try reader.string(in: Array(text.utf8).span), as: UTF8.self)
    }

    @Test(
        "escapes become what they stand for",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e4\u00E4\u20aC""#, "ää€"),
            (#""\u007f""#, "\u{7F}"),
            (#""\ud83d\ude00 \uD834\uDD1E""#, "😀 𝄞"), (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
            (#""\uFFFE\uffff\uFEFF""#, "\u{FFFE}\u{FFFF}\u{FEFF}"), (#""\\u0000""#, "\\u0000"),
            (#""a\u0001""#, "a\u{1}"),
        ])
    func unescapes(_ text: String, _ meaning: String) throws {
        #expect(try string(text) == meaning)
    }

    @Test("a tolerant reader lets pass what nobody stores, so that the number behind it can be found")
    func tolerates() throws {
        #expect(try string(#""\u0000x""#, isTolerant: true) == "\0x")
        #expect(try string(#""\ud800x\udc00""#, isTolerant: true) == "\u{FFFD}x\u{FFFD}")
        #expect(try string(#""\ud800\ud83d\ude00""#, isTolerant: true) == "\u{FFFD}😀")
        #expect(throws: JSONError(.badEscape, at: 1)) { try string(#""\u00zz""#, isTolerant: true) }
        #expect(throws: JSONError(.badEscape, at: 7)) { try string(#""\ud800\uzzzz""#, isTolerant: true) }
    }
}
