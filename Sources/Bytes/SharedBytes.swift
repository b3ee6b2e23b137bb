/// Bytes written once and then only read, shared by reference: encoded once, queued on many connections.
///
/// They never move while the object lives, so a scatter-gather write may keep their address that long.
/// Confined to one loop: what goes to another loop is copied there once.
package final class SharedBytes {
    private let storage: UnsafeMutableBufferPointer<UInt8>
    /// How many bytes there are.
    package let count: Int

    /// Allocates `capacity` bytes and lets `fill` write as many of them as it wants.
    package init<Failure: Error>(
        capacity: Int, fill: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: capacity)
        do {
            var output = OutputSpan<UInt8>(buffer: storage, initializedCount: 0)
            do throws(Failure) {
                try fill(&output)
            } catch {
                _ = output.finalize(for: storage)
                storage.deallocate()
                throw error
            }
            count = output.finalize(for: storage)
        }
        self.storage = storage
    }

    /// A copy of `bytes`.
    package init(_ bytes: Span<UInt8>) {
        let storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        count = bytes.withUnsafeBufferPointer { storage.initialize(fromContentsOf: $0) }
        self.storage = storage
    }

    /// A copy of `bytes`.
    package convenience init(_ bytes: [UInt8]) { self.init(bytes.span) }

    deinit { storage.deallocate() }

    /// The bytes, for reading.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let span = Span(_unsafeElements: UnsafeBufferPointer(rebasing: storage[..<count]))
            return _overrideLifetime(span, borrowing: self)
        }
    }
}
