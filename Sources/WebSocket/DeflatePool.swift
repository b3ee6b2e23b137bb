import Compression

/// What the connections of one loop compress with, so that none of them owns any of it between messages: a
/// deflater for each window size, and inflaters that are lent for as long as a message is incomplete.
package final class DeflatePool {
    /// How much was compressed or inflated. A frame that goes to many is counted once.
    package struct Statistics: Sendable, Hashable {
        /// Messages sent compressed.
        package var sentMessages: UInt64 = 0
        /// Their bytes before.
        package var sentPlainBytes: UInt64 = 0
        /// Their bytes after.
        package var sentDeflatedBytes: UInt64 = 0
        /// Messages received compressed.
        package var receivedMessages: UInt64 = 0
        /// Their bytes before they were compressed.
        package var receivedPlainBytes: UInt64 = 0
        /// Their bytes as they came.
        package var receivedDeflatedBytes: UInt64 = 0

        /// Nothing yet.
        package init() {}
    }

    /// So many inflaters, of 39 KiB each, are kept for the next messages.
    static let keptInflaters = 8

    /// What is done about compression here.
    package let policy: DeflatePolicy
    /// So far.
    package internal(set) var statistics = Statistics()
    /// One for each window size, 9 first, made when it is first needed.
    private var deflaters: [Deflater?] = Array(repeating: nil, count: 7)
    private var inflaters: [Inflater] = []

    /// A pool that owns nothing yet.
    package init(_ policy: DeflatePolicy) { self.policy = policy }

    /// How many inflaters wait to be lent.
    package var idleInflaters: Int { inflaters.count }

    /// A new deflater after the policy.
    func makeDeflater(windowBits: Int) -> Deflater {
        Deflater(windowBits: windowBits, level: policy.level, memoryLevel: policy.memoryLevel)
    }

    /// The deflater that is shared by all whose window is so large; it remembers nothing.
    func sharedDeflater(windowBits: Int) -> Deflater {
        if let deflater = deflaters[windowBits - 9] { return deflater }
        let deflater = makeDeflater(windowBits: windowBits)
        deflaters[windowBits - 9] = deflater
        return deflater
    }

    /// A message as the payload of its frame, for all who share `window`; nil if it is better sent as it is.
    package func compressed(_ message: Span<UInt8>, windowBits: Int) -> [UInt8]? {
        let deflater = sharedDeflater(windowBits: windowBits)
        guard let payload = compressed(message, by: deflater) else { return nil }
        deflater.reset()
        return payload
    }

    /// A message as the payload of its frame; nil if it is better sent as it is, and then the deflater has
    /// forgotten all before it. RFC 7692 §7.2.1: without the last four bytes of the sync flush.
    func compressed(_ message: Span<UInt8>, by deflater: Deflater) -> [UInt8]? {
        guard var payload = deflater.flushed(message, below: message.count + 4) else { return nil }
        payload.removeLast(4)
        statistics.sentMessages &+= 1
        statistics.sentPlainBytes &+= UInt64(message.count)
        statistics.sentDeflatedBytes &+= UInt64(payload.count)
        return payload
    }

    /// An inflater for any window, which remembers nothing.
    func lendInflater() -> Inflater { inflaters.popLast() ?? Inflater(windowBits: 15) }

    /// Takes an inflater back.
    func giveBack(_ inflater: Inflater) {
        guard inflaters.count < Self.keptInflaters else { return }
        inflater.reset()
        inflaters.append(inflater)
    }
}
