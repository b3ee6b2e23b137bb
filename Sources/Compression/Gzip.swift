internal import CZlib

/// Whole files in the gzip format (RFC 1952), for answers with `Content-Encoding: gzip`.
package enum Gzip {
    /// `input` compressed; the same input always gives the same bytes. `level` is zlib's, 1 (fast) to 9
    /// (small).
    package static func bytes(of input: Span<UInt8>, level: Int = 9) -> [UInt8] {
        precondition((1...9).contains(level) && input.count < Int(UInt32.max) / 2, "a file of the page")
        let stream = ZlibStream.make()
        defer { stream.deallocate() }
        // 16 beyond the window bits ask zlib for the gzip header; its time field stays 0.
        let isReady = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, MAX_WBITS + 16, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(isReady == Z_OK, "zlib got no memory")
        defer { deflateEnd(stream) }
        let bound = Int(deflateBound(stream, UInt(input.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            stream.pointee.next_out = target.baseAddress
            stream.pointee.avail_out = UInt32(bound)
            _ = stream.reading(input) {
                let result = deflate(stream, Z_FINISH)
                precondition(result == Z_STREAM_END, "the bound suffices for all there is")
            }
            count = bound - Int(stream.pointee.avail_out)
        }
    }
}
