import Compression
import Testing

@Suite("RFC 1952 gzip files")
struct GzipTests {
    /// The CRC-32 of RFC 1952 §8, bit by bit.
    func checksum(of bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        return ~value
    }

    func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    @Test(
        "a file is header, deflated bytes, checksum and size",
        arguments: [0, 1, 1_000, 100_000], [1, 6, 9])
    func writesMember(count: Int, level: Int) throws {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 * $0) }
        let packed = Gzip.bytes(of: plain.span, level: level)
        // §2.3: magic, deflate, no flags, no time.
        #expect(packed[..<8] == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(number(packed[(packed.count - 8)..<(packed.count - 4)]) == checksum(of: plain))
        #expect(number(packed[(packed.count - 4)...]) == UInt32(count))
        let inflater = Inflater(windowBits: 15)
        var inflated: [UInt8] = []
        let body = Array(packed[10..<(packed.count - 8)])
        var offset = 0
        while try inflater.step(body.span, at: &offset, into: &inflated, limit: count) == .stepped {}
        #expect(inflated == plain)
    }

    @Test("what repeats becomes smaller, and the same input gives the same file")
    func compresses() {
        let plain = [UInt8](repeating: 0x61, count: 10_000)
        let packed = Gzip.bytes(of: plain.span, level: 9)
        #expect(packed.count < 100)
        let again = Gzip.bytes(of: plain.span, level: 9)
        #expect(packed == again)
    }
}
