import Testing
import Time

@testable import Chat

@Suite("A session's pace: over it a turn, beyond that a flood")
struct SessionPaceTests {
    private let rate = TokenRate(perSecond: 100, burst: 4)
    private let now = Instant(nanoseconds: 5_000_000_000)

    @Test("the burst passes, what comes next is told its own turn, and more than a burst of those is a flood")
    func turns() {
        var pace = SessionPace()
        for _ in 0..<4 { #expect(pace.take(1, of: rate, at: now) == .passes) }
        for turn in 1...4 {
            #expect(pace.take(1, of: rate, at: now) == .comesLater(retryAfterMs: 10 * turn + 1))
        }
        #expect(pace.take(1, of: rate, at: now) == .floods)
    }

    @Test("who comes back at the time that was named passes, all of them, in whatever cost")
    func obeys() {
        var pace = SessionPace()
        for _ in 0..<4 { _ = pace.take(1, of: rate, at: now) }
        var due: [(at: Instant, cost: Int)] = []
        for cost in [1, 2, 1] {
            guard case .comesLater(let wait) = pace.take(cost, of: rate, at: now) else {
                Issue.record("cost \(cost) is not refused with a time")
                return
            }
            due.append((now + .milliseconds(wait), cost))
        }
        for entry in due.sorted(by: { $0.at < $1.at }) {
            #expect(pace.take(entry.cost, of: rate, at: entry.at) == .passes)
        }
    }

    @Test("refusals are forgotten at the rate: who asks a little too much for ever is slowed, not thrown out")
    func forgets() {
        var pace = SessionPace()
        var verdicts: [SessionPace.Verdict] = []
        for step in 0..<1_000 {
            // 150 a second where 100 are allowed.
            verdicts.append(pace.take(1, of: rate, at: now + .nanoseconds(Int64(step) * 6_666_667)))
        }
        #expect(!verdicts.contains(.floods))
        let passed = verdicts.count { $0 == .passes }
        #expect((660...672).contains(passed))
    }

    @Test("what costs more than the burst takes the whole of it")
    func large() {
        var pace = SessionPace()
        #expect(pace.take(201, of: rate, at: now) == .passes)
        #expect(pace.take(1, of: rate, at: now) == .comesLater(retryAfterMs: 11))
    }
}
