import Time

/// What a run did: a hash of every step, and the text of the last ones when somebody wants to read it.
struct Trace {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var steps = 0
    private(set) var lines: [String] = []
    private let lineLimit: Int

    /// A trace that keeps the text of that many steps; of none, as a rule.
    init(lineLimit: Int) { self.lineLimit = lineLimit }

    /// Counts one event of the queue.
    mutating func step(at time: Instant, number: UInt64) {
        steps += 1
        mix(UInt64(bitPattern: time.nanoseconds))
        mix(number)
    }

    /// Notes what happened: `facts` go into the hash, `text` is made only when it is kept.
    mutating func note(_ facts: Int..., at time: Instant, _ text: @autoclosure () -> String) {
        for fact in facts { mix(UInt64(bitPattern: Int64(fact))) }
        guard lineLimit > 0 else { return }
        if lines.count == lineLimit { lines.removeFirst() }
        lines.append("\(time.nanoseconds / 1_000) us  \(text())")
    }

    /// FNV-1a, a word at a time.
    private mutating func mix(_ value: UInt64) {
        hash = (hash ^ value) &* 0x100_0000_01B3
        hash ^= hash >> 29
    }
}
