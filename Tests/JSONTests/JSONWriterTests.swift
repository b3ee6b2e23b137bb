import Testing

@testable import JSON

@Suite("Writing RFC 8259")
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 0)
        write(&writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    @Test("commas stand between members and elements, nowhere else")
    func separates() {
        let written = text {
            $0.beginObject()
            $0.key("a")
            $0.integer(-1)
            $0.key("b")
            $0.beginArray()
            $0.beginObject()
            $0.endObject()
            $0.beginArray()
            $0.endArray()
            $0.boolean(true)
            $0.raw(Array("{\"x\": 1}".utf8).span)
            $0.string("s")
            $0.endArray()
            $0.key("c")
            $0.boolean(false)
            $0.endObject()
        }
        #expect(written == #"{"a":-1,"b":[{},[],true,{"x": 1},"s"],"c":false}"#)
    }

    @Test("quote, backslash and controls are escaped, and nothing else is")
    func escapes() {
        #expect(text { $0.string("\"\\\u{8}\t\n\u{C}\r") } == #""\"\\\b\t\n\f\r""#)
        #expect(
            text { $0.string("\0\u{1}\u{B}\u{F}\u{10}\u{1F}") } == #""\u0000\u0001\u000b\u000f\u0010\u001f""#)
        #expect(text { $0.string("/\u{7F}é€😀\u{2028}\u{2029}") } == "\"/\u{7F}é€😀\u{2028}\u{2029}\"")
    }

    @Test("what is written reads back as the same text")
    func readsBack() throws {
        for value in UInt32(1)...0x2100 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "ab\(Character(scalar))cd"
            var writer = JSONWriter()
            writer.string(text)
            var reader = JSONReader()
            #expect(try reader.string(in: writer.finish().span) == Array(text.utf8))
        }
    }
}
