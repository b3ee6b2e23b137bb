import Testing
import WebSocket

@Suite("RFC 6455 §5.3 masking")
struct MaskingTests {
    /// The rule as the RFC writes it.
    func reference(_ bytes: [UInt8], _ key: [UInt8], position: Int) -> [UInt8] {
        bytes.enumerated().map { $1 ^ key[($0 + position) % 4] }
    }

    @Test("bytes are masked as the RFC says, at every length, start and position", arguments: 0..<40)
    func masks(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        for position in 0..<8 {
            for start in 0..<min(count, 10) {
                var result = bytes
                Masking.apply(0xD4C3_B2A1, to: &result, from: start, position: position)
                let expected = reference(
                    Array(bytes[start...]), [0xA1, 0xB2, 0xC3, 0xD4], position: position)
                #expect(result == bytes[..<start] + expected)
            }
        }
    }

    @Test("one byte above ASCII is seen wherever it stands; what lies before the start is not looked at")
    func seesASCII() {
        for count in 1..<30 {
            for place in 0..<count {
                var bytes = [UInt8](repeating: 0x41, count: count)
                #expect(Masking.apply(0, to: &bytes, from: 0, position: 0))
                bytes[place] = 0xC3
                #expect(!Masking.apply(0, to: &bytes, from: 0, position: 0))
                #expect(Masking.apply(0, to: &bytes, from: place + 1, position: 0))
            }
        }
    }
}
