import Testing
import Time

@testable import Chat

@Suite("Timers of the hub")
struct HubTimerTests {
    @Test("what is due first comes first, and of what is due together what was set first")
    func order() {
        let timers = [(5, 2), (3, 3), (5, 1)].map { due, order in
            HubTimer(due: Instant(nanoseconds: Int64(due)), order: UInt64(order), purpose: .drafts)
        }
        #expect(timers.sorted().map(\.order) == [3, 1, 2])
        #expect(timers[0] == timers[0] && timers[0] != timers[2])
    }
}
