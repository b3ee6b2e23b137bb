/// A point on the monotonic clock, in nanoseconds since an arbitrary start.
///
/// A value only: `Networking` is the one module that asks the kernel for it; everybody else is handed one.
package struct Instant: Comparable, Hashable, Sendable {
    /// Nanoseconds since the clock's start.
    package var nanoseconds: Int64

    /// The instant that many nanoseconds after the clock's start.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Far enough in the future that nothing waits for it.
    package static let distantFuture = Instant(nanoseconds: .max)

    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The instant `duration` later; saturates instead of overflowing.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.inNanoseconds)
        return overflow ? .distantFuture : Instant(nanoseconds: sum)
    }

    /// The instant `duration` earlier; saturates instead of overflowing.
    package static func - (instant: Instant, duration: Duration) -> Instant {
        let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(duration.inNanoseconds)
        return overflow ? Instant(nanoseconds: .min) : Instant(nanoseconds: difference)
    }

    /// How long after `earlier` this instant is; negative when it is before it.
    package static func - (later: Instant, earlier: Instant) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}

extension Duration {
    /// The whole duration in nanoseconds, saturating at the ends of Int64 (292 years).
    package var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : whole + attoseconds / 1_000_000_000
    }

    /// The whole duration in milliseconds, rounded down.
    package var inMilliseconds: Int64 { inNanoseconds / 1_000_000 }
}
