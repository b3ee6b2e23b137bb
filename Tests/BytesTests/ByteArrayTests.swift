import Bytes
import Testing

@Suite("Arrays and text from spans")
struct ByteArrayTests {
    @Test("a span is copied and appended whole")
    func copies() {
        let bytes: [UInt8] = [1, 2, 3, 4]
        var copy = [UInt8](bytes.span.extracting(1..<3))
        copy.append(bytes.span.extracting(3..<4))
        copy.append([UInt8]().span)
        #expect(copy == [2, 3, 4])
    }

    @Test("text is taken from well-formed UTF-8 only")
    func validates() {
        #expect(String(validating: [0x68, 0xC3, 0xA9].span) == "hé")
        #expect(String(validating: [UInt8]().span) == "")
        #expect(String(validating: [0xC3].span) == nil)
        #expect(String(validating: [0xED, 0xA0, 0x80].span) == nil)
    }
}
