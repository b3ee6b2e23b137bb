/// The checksum of RFC 3720 §B.4 (Castagnoli), which a PROXY header may bear.
enum CRC32C {
    /// The checksum of `bytes`, with those at `gap` taken as zero.
    static func checksum(of bytes: ArraySlice<UInt8>, zeroing gap: Range<Int>) -> UInt64 {
        var remainder = UInt32.max
        for index in bytes.indices {
            remainder ^= UInt32(gap.contains(index) ? 0 : bytes[index])
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
            }
        }
        return UInt64(~remainder)
    }
}
