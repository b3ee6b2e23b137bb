package import Bytes
internal import CLinux
import Glibc

/// Bytes waiting for a socket: shared ones by reference, small ones coalesced behind them.
///
/// It owns no memory while it is empty. It does not bound itself: who appends looks at `byteCount`.
package struct WriteQueue {
    /// How a flush ended.
    enum Outcome {
        /// Nothing waits any more.
        case drained
        /// The kernel's buffer is full.
        case refused
        /// The kernel would take more, but it was enough for one turn.
        case unfinished
    }

    private struct Chunk {
        let bytes: SharedBytes
        /// The first byte not yet written.
        var start: Int
    }

    /// One sendmsg takes that many pieces; IOV_MAX is 1024.
    private static let vectorsPerCall = 64
    private static let callsPerFlush = 4
    /// Copies beyond this become a chunk of their own, so that written bytes are given back.
    private static let tailLimit = 4096

    private var chunks: [Chunk] = []
    /// Copied bytes behind all chunks.
    private var tail: [UInt8] = []
    /// The first byte of `tail` not yet written.
    private var tailStart = 0
    /// How many bytes wait.
    package private(set) var byteCount = 0

    /// An empty queue; allocates nothing.
    package init() {}

    /// Whether nothing waits.
    package var isEmpty: Bool { byteCount == 0 }
    /// Whether it holds no memory.
    var ownsNothing: Bool { chunks.capacity == 0 && tail.capacity == 0 }

    /// Queues `bytes` from index `start` on, without copying them.
    package mutating func append(_ bytes: SharedBytes, from start: Int = 0) {
        precondition(start >= 0 && start <= bytes.count, "a start beyond the shared bytes")
        guard start < bytes.count else { return }
        sealTail()
        chunks.append(Chunk(bytes: bytes, start: start))
        byteCount += bytes.count - start
    }

    /// Queues a copy of `bytes`; small copies that follow each other leave as one piece.
    package mutating func append(copying bytes: Span<UInt8>) {
        if bytes.isEmpty { return }
        if tail.count + bytes.count > Self.tailLimit { sealTail() }
        if bytes.count > Self.tailLimit {
            chunks.append(Chunk(bytes: SharedBytes(bytes), start: 0))
        } else {
            tail.append(bytes)
        }
        byteCount += bytes.count
    }

    /// Forgets all and gives the memory back.
    package mutating func removeAll() {
        chunks = []
        tail = []
        (tailStart, byteCount) = (0, 0)
    }

    /// Writes as much as the kernel takes, in a few calls at most.
    mutating func flush(to descriptor: Int32) throws(SystemError) -> Outcome {
        for _ in 0..<Self.callsPerFlush {
            if isEmpty { return .drained }
            let (result, offered) = withVectors { vectors in
                var length = 0
                for vector in vectors { length += vector.iov_len }
                return (
                    Result { () throws(SystemError) in try Self.write(vectors, to: descriptor) }, length
                )
            }
            guard case .done(let count) = try result.get() else { return .refused }
            removeFirst(count)
            // A short write is the kernel's way to say that its buffer is full.
            if count < offered { return .refused }
        }
        return isEmpty ? .drained : .unfinished
    }

    private static func write(
        _ vectors: UnsafeMutableBufferPointer<iovec>, to descriptor: Int32
    ) throws(SystemError) -> SystemResult {
        // Fan-out to quiet sessions is mostly one piece each, and the kernel has less to copy for it.
        if vectors.count == 1 {
            return try systemCall("send") {
                send(descriptor, vectors[0].iov_base, vectors[0].iov_len, Int32(MSG_NOSIGNAL))
            }
        }
        var message = msghdr()
        message.msg_iov = vectors.baseAddress
        message.msg_iovlen = vectors.count
        return try systemCall("sendmsg") { sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)) }
    }

    /// Calls `body` with the first pieces, as scatter-gather calls take them; valid only inside.
    func withVectors<Result>(_ body: (UnsafeMutableBufferPointer<iovec>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.vectorsPerCall) { vectors in
            var used = 0
            while used < min(chunks.count, Self.vectorsPerCall) {
                let chunk = chunks[used]
                // The address outlives the closure: shared bytes do not move, and the queue holds them.
                let start = chunk.bytes.span.withUnsafeBufferPointer { $0.baseAddress! + chunk.start }
                vectors.initializeElement(at: used, to: piece(start, chunk.bytes.count - chunk.start))
                used += 1
            }
            guard used < Self.vectorsPerCall, tailStart < tail.count else {
                return body(UnsafeMutableBufferPointer(rebasing: vectors[..<used]))
            }
            return tail.withUnsafeBufferPointer { bytes in
                vectors.initializeElement(
                    at: used, to: piece(bytes.baseAddress! + tailStart, bytes.count - tailStart))
                return body(UnsafeMutableBufferPointer(rebasing: vectors[...used]))
            }
        }
    }

    /// Forgets the oldest `length` bytes, which were written. There must be that many.
    mutating func removeFirst(_ length: Int) {
        precondition(length >= 0 && length <= byteCount, "more bytes removed than wait")
        byteCount -= length
        if byteCount == 0 { return removeAll() }
        var rest = length
        var written = 0
        while written < chunks.count {
            let size = chunks[written].bytes.count - chunks[written].start
            if rest < size { break }
            rest -= size
            written += 1
        }
        // Once a call for all its pieces: what moves up is 16 bytes for each chunk left.
        chunks.removeFirst(written)
        if chunks.isEmpty { tailStart += rest } else { chunks[0].start += rest }
    }

    /// Moves the oldest bytes, at most `limit`, to `target`; how many they were.
    package mutating func move(atMost limit: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var moved = 0
        for chunk in chunks where moved < limit {
            let count = min(chunk.bytes.count - chunk.start, limit - moved)
            chunk.bytes.span.withUnsafeBufferPointer {
                (target + moved).update(from: $0.baseAddress! + chunk.start, count: count)
            }
            moved += count
        }
        let count = min(tail.count - tailStart, limit - moved)
        if count > 0 {
            tail.withUnsafeBufferPointer {
                (target + moved).update(from: $0.baseAddress! + tailStart, count: count)
            }
            moved += count
        }
        removeFirst(moved)
        return moved
    }

    /// Turns the copied bytes into a chunk, because something is to stand behind them.
    private mutating func sealTail() {
        if tail.isEmpty { return }
        chunks.append(Chunk(bytes: SharedBytes(tail), start: tailStart))
        tail = []
        tailStart = 0
    }

    private func piece(_ start: UnsafePointer<UInt8>, _ length: Int) -> iovec {
        iovec(iov_base: UnsafeMutableRawPointer(mutating: start), iov_len: length)
    }
}
