import Testing

@testable import Proxies

@Suite("CRC32c")
struct CRC32CTests {
    @Test("the check value of the catalogue, and 32 zeros of RFC 3720 §B.4")
    func knowsVectors() {
        let digits = Array("123456789".utf8)
        #expect(CRC32C.checksum(of: digits[...], zeroing: 0..<0) == 0xE306_9283)
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(CRC32C.checksum(of: zeros[...], zeroing: 0..<0) == 0x8A91_36AA)
    }

    @Test("bytes of the gap are taken as zero")
    func zeroes() {
        var bytes = [UInt8](repeating: 0, count: 32)
        for index in 4..<8 { bytes[index] = 0xFF }
        #expect(CRC32C.checksum(of: bytes[...], zeroing: 4..<8) == 0x8A91_36AA)
    }
}
