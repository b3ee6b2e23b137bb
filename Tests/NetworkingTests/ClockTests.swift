import Networking
import Testing
import Time

@Suite("The kernel's clocks")
struct ClockTests {
    @Test("the monotonic clock does not go back, and the wall clock is in this century")
    func reads() {
        let first = Clock.moment
        let second = Clock.moment
        #expect(second.instant >= first.instant)
        #expect(Clock.instant >= second.instant)
        #expect(first.wall > WallTime(milliseconds: 1_700_000_000_000))
        #expect(first.wall < WallTime(milliseconds: 4_102_444_800_000))
    }
}
