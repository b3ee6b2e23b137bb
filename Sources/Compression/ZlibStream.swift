internal import CZlib

/// zlib's stream at an address of its own: zlib keeps pointers into it, so it must not move.
typealias ZlibStream = UnsafeMutablePointer<z_stream>

extension ZlibStream {
    /// A stream that nothing was done with yet.
    static func make() -> ZlibStream {
        let stream = ZlibStream.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        return stream
    }

    /// Lets `body` read `input` as what comes next; returns how many bytes of it were taken.
    func reading(_ input: Span<UInt8>, _ body: () -> Void) -> Int {
        input.withUnsafeBufferPointer { source in
            // zlib counts in 32 bits; what does not fit comes with the next call.
            let given = UInt32(clamping: source.count)
            // zlib never writes through it: its declaration only lacks the word const.
            pointee.next_in = UnsafeMutablePointer<UInt8>(mutating: source.baseAddress)
            pointee.avail_in = given
            body()
            return Int(given - pointee.avail_in)
        }
    }
}
