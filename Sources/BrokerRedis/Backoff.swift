import Time

/// How long to wait before the next try: up to twice as long each time, any time below that with equal
/// chance, so that many instances do not come back at once.
struct Backoff {
    /// The most that the first wait takes.
    static let first: Duration = .milliseconds(100)
    /// The most that any wait takes.
    static let longest: Duration = .seconds(5)

    private var limit = Self.first

    /// The next wait; `random` is a number that nobody chose.
    mutating func next(random: UInt64) -> Duration {
        let part = random.multipliedFullWidth(by: UInt64(limit.inNanoseconds)).high
        limit = min(limit * 2, Self.longest)
        return .nanoseconds(Int64(part))
    }

    /// It went well: the next wait is a first one.
    mutating func reset() { limit = Self.first }
}
