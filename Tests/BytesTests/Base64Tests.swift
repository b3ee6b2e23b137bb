import Bytes
import Testing

@Suite("RFC 4648 base64")
struct Base64Tests {
    @Test(
        "§10: the test vectors",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(_ plain: String, _ text: String) {
        #expect(Base64.encode([UInt8](plain.utf8).span) == text)
        #expect(Base64.decode(text) == [UInt8](plain.utf8))
        let bare = text.replacing("=", with: "")
        #expect(Base64.encode([UInt8](plain.utf8).span, .url) == bare)
        #expect(Base64.decode(bare, .url) == [UInt8](plain.utf8))
    }

    @Test("every length of up to 100 bytes comes back in both alphabets")
    func roundTrip() {
        let all = (0..<100).map { UInt8(truncatingIfNeeded: 251 &- $0 &* 37) }
        for length in 0...all.count {
            let bytes = [UInt8](all[..<length])
            #expect(Base64.decode(Base64.encode(bytes.span)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes.span, .url), .url) == bytes)
        }
    }

    @Test("62 and 63 are spelled by the alphabet, and the other's spelling is refused")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF, 0xBF].span) == "+/+/")
        #expect(Base64.encode([0xFB, 0xFF, 0xBF].span, .url) == "-_-_")
        #expect(Base64.decode("-_-_") == nil)
        #expect(Base64.decode("+/+/", .url) == nil)
    }

    @Test(
        "standard text that is not exactly what encode writes is refused",
        arguments: [
            "Zg", "Zg=", "Zg===", "Z", "=", "==", "====", "Zm9v\n", "Zm 9", "Zh==", "Zm9=", "Zg==Zg==",
            "Z=g=", "Zé==",
        ])
    func refusesStandard(_ text: String) { #expect(Base64.decode(text) == nil) }

    @Test(
        "url text with padding, a lone character or stray bits is refused",
        arguments: ["Zg==", "Z", "Zm9vZ", "Zh"])
    func refusesURL(_ text: String) { #expect(Base64.decode(text, .url) == nil) }
}
