/// The masking of RFC 6455 §5.3. Masking twice gives the original back.
package enum Masking {
    /// Masks or unmasks `bytes` from `start` on, whose first byte stands at `position` of its payload.
    /// Returns whether what results is all ASCII: a text that is needs no further check.
    @discardableResult
    package static func apply(
        _ key: UInt32, to bytes: inout [UInt8], from start: Int, position: Int
    ) -> Bool {
        let shift = UInt32(8 * (position & 3))
        // The key as it applies to the first byte: turned by as many bytes as came before.
        let turned = key >> shift | (shift == 0 ? 0 : key << (32 - shift))
        let wide = UInt64(turned) << 32 | UInt64(turned)
        // Eight bytes at a time through a pointer: Span's checks cost a third more here. The loops stay
        // within `start..<count`.
        return unsafe bytes.withUnsafeMutableBytes { bytes in
            var seen: UInt64 = 0
            var index = start
            let count = bytes.count
            while index &+ 8 <= count {
                let word =
                    unsafe UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ wide
                unsafe bytes.storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
                seen |= word
                index &+= 8
            }
            // Whole words were passed, so the key's turn is still that of the first byte.
            var rest = wide
            while index < count {
                let byte = unsafe bytes[index] ^ UInt8(truncatingIfNeeded: rest)
                unsafe bytes[index] = byte
                seen |= UInt64(byte)
                rest >>= 8
                index &+= 1
            }
            return seen & 0x8080_8080_8080_8080 == 0
        }
    }
}
