internal import CZlib

/// Compresses to raw deflate (RFC 1951), a piece after the other. Confined to one thread.
///
/// Its memory, freed with it, is what zlib says: (1 << (windowBits + 2)) + (1 << (memoryLevel + 9)) bytes and
/// 6 KiB; 268 KiB for 15 and 8.
package final class Deflater {
    /// The window's size as a power of two.
    package let windowBits: Int
    private let stream = ZlibStream.make()

    /// `windowBits`: 9 to 15, for zlib cannot do 8 without its own header. `level` and `memoryLevel` are
    /// zlib's: 1 (fast, little) to 9 (small, much).
    package init(windowBits: Int, level: Int, memoryLevel: Int) {
        precondition((9...15).contains(windowBits) && (1...9).contains(level))
        precondition((1...9).contains(memoryLevel))
        self.windowBits = windowBits
        let isReady = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, -Int32(windowBits), Int32(memoryLevel), Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(isReady == Z_OK, "zlib got no memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// `input` compressed up to a byte's boundary: it ends with an empty stored block, whose last four bytes
    /// are 00 00 FF FF (zlib's sync flush). What came before serves as its dictionary.
    ///
    /// Nil if that takes `capacity` bytes or more; then everything before is forgotten, as by `reset`.
    package func flushed(_ input: Span<UInt8>, below capacity: Int) -> [UInt8]? {
        precondition(input.count <= Int(UInt32.max) && capacity <= Int(UInt32.max), "zlib's 32 bits")
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            stream.pointee.next_out = target.baseAddress
            stream.pointee.avail_out = UInt32(capacity)
            _ = stream.reading(input) { deflate(stream, Z_SYNC_FLUSH) }
            count = capacity - Int(stream.pointee.avail_out)
        }
        // With room left over zlib has written all it had to.
        guard output.count < capacity else {
            reset()
            return nil
        }
        return output
    }

    /// Forgets what came before: what is compressed next refers to nothing older.
    package func reset() { deflateReset(stream) }
}
