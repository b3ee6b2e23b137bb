package import Time

/// A clock that moves only when told to, and never back.
package struct VirtualClock {
    /// The present time.
    package private(set) var now: Instant
    /// What the wall showed when the monotonic clock stood at zero, in milliseconds since 1970.
    package var wallAtZero: Int64

    /// A clock that begins at `now`.
    package init(now: Instant = Instant(nanoseconds: 0), wallAtZero: Int64 = 1_800_000_000_000) {
        self.now = now
        self.wallAtZero = wallAtZero
    }

    /// Both clocks.
    package var moment: Moment {
        Moment(instant: now, wall: WallTime(milliseconds: wallAtZero + now.nanoseconds / 1_000_000))
    }

    /// Lets time pass up to `instant`.
    package mutating func advance(to instant: Instant) {
        precondition(instant >= now, "time does not run backwards")
        now = instant
    }

    /// Lets `duration` pass.
    package mutating func advance(by duration: Duration) { advance(to: now + duration) }
}
