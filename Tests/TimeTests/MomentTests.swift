import Testing
import Time

@Suite("Moments")
struct MomentTests {
    @Test("wall times order by their milliseconds")
    func orders() {
        #expect(WallTime(milliseconds: 1) < WallTime(milliseconds: 2))
        #expect(!(WallTime(milliseconds: 2) < WallTime(milliseconds: 2)))
    }

    @Test("two moments are the same when both clocks agree")
    func compares() {
        let moment = Moment(instant: Instant(nanoseconds: 1), wall: WallTime(milliseconds: 2))
        #expect(moment == Moment(instant: Instant(nanoseconds: 1), wall: WallTime(milliseconds: 2)))
        #expect(moment != Moment(instant: Instant(nanoseconds: 1), wall: WallTime(milliseconds: 3)))
    }
}
