/// So many tokens a second, over a longer time, and so many at once after a quiet time.
package struct TokenRate: Hashable, Sendable {
    /// How long one token takes to come, in nanoseconds; at least 1.
    let interval: Int64
    /// How long it takes until an empty bucket is full, in nanoseconds.
    let span: Int64

    /// At least one token a second, and at most 1,000,000,000; a bucket that holds at least one.
    package init(perSecond: Int, burst: Int) {
        interval = 1_000_000_000 / Int64(min(max(perSecond, 1), 1_000_000_000))
        let (span, overflow) = interval.multipliedReportingOverflow(by: Int64(max(burst, 1)))
        self.span = overflow ? .max : span
    }

    /// The most tokens a bucket holds.
    package var burst: Int { Int(span / interval) }
    /// How long an empty bucket takes to be full.
    package var fillTime: Duration { .nanoseconds(span) }
}

/// Tokens that come back with time: who takes them faster than they come is told how long to wait.
///
/// It is one number, the time at which the bucket will be full, so nothing refills it and no timer runs; an
/// empty one and one that was never touched cost the same eight bytes. The rate is kept elsewhere, once for
/// all buckets.
package struct TokenBucket: Hashable, Sendable {
    private var fullAt: Int64 = .min

    /// A full bucket.
    package init() {}

    /// Takes tokens, or takes none and says after how long so many will be there; more than the burst never
    /// are, and what is said then is only how long the rest would take.
    package mutating func take(_ tokens: Int = 1, of rate: TokenRate, at now: Instant) -> Duration? {
        let wanted = missing(after: tokens, of: rate, at: now)
        guard wanted <= rate.span else { return Self.rest(wanted, of: rate) }
        fullAt = now.nanoseconds + wanted
        return nil
    }

    /// After how long so many tokens will be there; nil where they are. Takes none.
    package func wait(for tokens: Int = 1, of rate: TokenRate, at now: Instant) -> Duration? {
        let wanted = missing(after: tokens, of: rate, at: now)
        return wanted <= rate.span ? nil : Self.rest(wanted, of: rate)
    }

    /// More than can be counted never comes.
    private static func rest(_ wanted: Int64, of rate: TokenRate) -> Duration {
        .nanoseconds(wanted == .max ? .max : wanted - rate.span)
    }

    /// What would be missing from a full bucket, in nanoseconds.
    private func missing(after tokens: Int, of rate: TokenRate, at now: Instant) -> Int64 {
        let (cost, overflow) = rate.interval.multipliedReportingOverflow(by: Int64(tokens))
        let missing = max(fullAt, now.nanoseconds) - now.nanoseconds
        let (wanted, isEndless) = missing.addingReportingOverflow(cost)
        return overflow || isEndless ? .max : wanted
    }

    /// How long until the bucket is full; zero if it is.
    package func timeToFill(at now: Instant) -> Duration {
        .nanoseconds(max(fullAt, now.nanoseconds) - now.nanoseconds)
    }
}
