internal import CZlib

/// Why bytes cannot be inflated. After an error the inflater must be reset.
package enum InflateError: Error, Sendable, Hashable {
    /// They are not deflate (RFC 1951), or refer to what never was.
    case malformed
    /// They become more than the limit.
    case tooBig
}

/// Inflates raw deflate (RFC 1951) in bounded steps. Confined to one thread.
///
/// Its memory, freed with it: 7 KiB, and the window from its first bytes on, 32 KiB for 15 bits.
package final class Inflater {
    /// What one step came to.
    package enum Progress: Sendable {
        /// There may be more to come of the input given so far.
        case stepped
        /// All of the input is used and all it becomes was written.
        case usedUp
    }

    /// The most bytes one step writes.
    package static let stepBytes = 16_384

    private let stream = ZlibStream.make()
    /// Whether the last block was one that says nothing follows (BFINAL).
    private var isAtEnd = false

    /// `windowBits`: 9 to 15, at least those of the peer's deflater.
    package init(windowBits: Int) {
        precondition((9...15).contains(windowBits))
        let isReady = inflateInit2_(
            stream, -Int32(windowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(isReady == Z_OK, "zlib got no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Whether what was inflated so far ends behind a block at a byte's boundary.
    package var isBetweenBlocks: Bool {
        // 128: behind an end-of-block code; the low bits: so many bits of the last byte are unused.
        isAtEnd || (stream.pointee.data_type & 128 != 0 && stream.pointee.data_type & 7 == 0)
    }

    /// Whether what was inflated so far ends with a block that calls itself the last one.
    package var isBehindFinalBlock: Bool { isAtEnd }

    /// Inflates from `offset` on, which moves behind what was taken, and appends at most `stepBytes` bytes to
    /// `output`. Throws `tooBig` as soon as that has more than `limit`: it never has more than one byte too
    /// many, and its memory never grows beyond `limit` and a step.
    ///
    /// Blocks behind a final one are inflated too, with what came before as their dictionary (RFC 7692
    /// §7.2.3.4).
    package func step(
        _ input: Span<UInt8>, at offset: inout Int, into output: inout [UInt8], limit: Int
    ) throws(InflateError) -> Progress {
        // One byte more than allowed tells that it is too much.
        let room = min(Self.stepBytes, limit - output.count + 1)
        precondition(room > 0, "the limit was passed before")
        if isAtEnd {
            guard offset < input.count else { return .usedUp }
            isAtEnd = false
            // Unlike inflateReset it keeps the window, and it costs the same for any window: a peer may end a
            // block every other byte.
            inflateResetKeep(stream)
        }
        let rest = input.extracting(droppingFirst: offset)
        let (taken, written, result) = inflate(rest, room: room, into: &output, limit: limit)
        offset += taken
        guard output.count <= limit else { throw .tooBig }
        switch result {
        case Z_STREAM_END:
            isAtEnd = true
            return offset < input.count ? .stepped : .usedUp
        // Z_BUF_ERROR: there was nothing to do.
        case Z_OK, Z_BUF_ERROR: return written == room ? .stepped : .usedUp
        case Z_MEM_ERROR: preconditionFailure("zlib got no memory")
        default: throw .malformed
        }
    }

    /// Forgets what came before.
    package func reset() {
        isAtEnd = false
        inflateReset(stream)
    }

    private func inflate(
        _ input: Span<UInt8>, room: Int, into output: inout [UInt8], limit: Int
    ) -> (taken: Int, written: Int, result: Int32) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { target in
            stream.pointee.next_out = target.baseAddress
            stream.pointee.avail_out = UInt32(room)
            var result = Z_OK
            let taken = stream.reading(input) { result = CZlib.inflate(stream, Z_SYNC_FLUSH) }
            let written = room - Int(stream.pointee.avail_out)
            let needed = output.count + written
            if needed > output.capacity {
                // Doubled as arrays are, but not beyond what may come.
                output.reserveCapacity(max(needed, min(2 * output.capacity, limit + 1)))
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: target[..<written]))
            return (taken, written, result)
        }
    }
}
