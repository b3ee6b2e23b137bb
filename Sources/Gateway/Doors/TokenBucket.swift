import Time

/// How often something may happen: so many times at once after a quiet time, and so many in a second over a
/// longer one. It refills by the clock alone, however often it is asked; what is refused costs nothing.
struct TokenBucket: Hashable {
    /// How fast it refills, and how much it holds. No rate is no limit.
    struct Size: Hashable {
        private let nanosecondsPerToken: Int64
        private let burst: Int64

        /// Of `rate` a second, 0 for any, and `burst` at once, at least 1.
        init(rate: Int, burst: Int) {
            nanosecondsPerToken = rate == 0 ? 0 : 1_000_000_000 / Int64(rate)
            self.burst = Int64(max(burst, 1))
        }

        fileprivate var interval: Duration { .nanoseconds(nanosecondsPerToken) }
        fileprivate var depth: Duration { .nanoseconds(nanosecondsPerToken * burst) }
    }

    /// When it will be full: each token taken puts it off by the time one takes to come back.
    private var fullAt = Instant(nanoseconds: .min)

    /// Whether nothing is missing.
    func isFull(at now: Instant) -> Bool { fullAt <= now }

    /// How long to wait for a token; nil where one is there.
    func wait(at now: Instant, _ size: Size) -> Duration? {
        let excess = afterTaking(at: now, size) - now - size.depth
        return excess > .zero ? excess : nil
    }

    /// Takes a token that is there.
    mutating func take(at now: Instant, _ size: Size) { fullAt = afterTaking(at: now, size) }

    private func afterTaking(at now: Instant, _ size: Size) -> Instant { max(fullAt, now) + size.interval }
}
