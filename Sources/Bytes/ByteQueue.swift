/// Bytes that came and could not be used yet: the head of a frame or of a request.
///
/// It owns no memory while it is empty, so an idle connection costs none.
package struct ByteQueue {
    private var storage: [UInt8] = []
    /// Where in `storage` the first unconsumed byte lies.
    private var start = 0

    /// An empty queue; allocates nothing.
    package init() {}

    /// How many bytes wait.
    package var count: Int { storage.count - start }
    /// Whether none wait.
    package var isEmpty: Bool { start == storage.count }
    /// How many bytes of memory it holds: 0 while it is empty.
    package var capacity: Int { storage.capacity }

    /// The waiting bytes, oldest first.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(droppingFirst: start) }
    }

    /// Adds `bytes` behind what waits.
    package mutating func append(_ bytes: Span<UInt8>) {
        // Consumed bytes are dropped only once they outweigh the rest: each byte moves a bounded number of
        // times.
        if start > storage.count - start {
            storage.removeSubrange(0..<start)
            start = 0
        }
        storage.append(bytes)
    }

    /// Makes room for `more` bytes, so that a message of known length grows its memory once.
    package mutating func reserve(_ more: Int) { storage.reserveCapacity(storage.count + more) }

    /// Forgets the oldest `length` bytes. There must be that many.
    package mutating func removeFirst(_ length: Int) {
        precondition(length >= 0 && length <= count, "more bytes removed than wait")
        start += length
        if isEmpty { removeAll() }
    }

    /// Forgets all and gives the memory back.
    package mutating func removeAll() {
        storage = []
        start = 0
    }
}
