/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored: what people read. No rule compares two of
/// them.
package struct WallTime: Comparable, Hashable, Sendable {
    /// Milliseconds since 1970.
    package var milliseconds: Int64

    /// That many milliseconds after 1970 began.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }
}

/// Both clocks, read once at the start of a turn: every decision of the turn sees the same time.
package struct Moment: Hashable, Sendable {
    /// The monotonic clock: all deadlines and intervals.
    package var instant: Instant
    /// The wall clock: only for what people read.
    package var wall: WallTime

    /// One reading of both clocks.
    package init(instant: Instant, wall: WallTime) {
        self.instant = instant
        self.wall = wall
    }
}
