import Glibc
package import Time

/// Reads the kernel's clocks: the only place in the house that does.
package enum Clock {
    /// CLOCK_MONOTONIC.
    package static var instant: Instant {
        let time = read(CLOCK_MONOTONIC)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Both clocks, one right after the other.
    package static var moment: Moment {
        let wall = read(CLOCK_REALTIME)
        let milliseconds = Int64(wall.tv_sec) * 1000 + Int64(wall.tv_nsec) / 1_000_000
        return Moment(instant: instant, wall: WallTime(milliseconds: milliseconds))
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // Cannot fail for these two clocks; the vDSO answers without entering the kernel.
        clock_gettime(clock, &time)
        return time
    }
}
