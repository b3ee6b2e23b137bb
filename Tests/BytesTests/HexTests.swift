import Bytes
import Testing

@Suite("Hexadecimal")
struct HexTests {
    @Test("every byte comes back, in either case")
    func roundTrip() {
        let all = [UInt8](0...255)
        let text = Hex.encode(all.span)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hex.decode(text) == all)
        #expect(Hex.decode(text.uppercased()) == all)
        #expect(Hex.decode("") == [])
    }

    @Test(
        "an odd length or a foreign character is refused",
        arguments: ["0", "abc", "0g", "g0", "0x", " 00", "é"])
    func refuses(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
