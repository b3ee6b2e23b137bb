import Testing
import Time

@testable import ArchivePostgres

@Suite("Growing pauses")
struct BackoffTests {
    @Test("bounds double up to the longest, and a success begins anew")
    func grows() {
        var backoff = Backoff(from: .milliseconds(100), to: .seconds(1))
        // The largest draw below a bound tells the bound.
        func bound(_ milliseconds: Int64) -> Duration {
            backoff.next(chance: UInt64(milliseconds * 1_000_000 - 1))
        }
        for milliseconds: Int64 in [100, 200, 400, 800, 1000, 1000] {
            #expect(bound(milliseconds) == .milliseconds(milliseconds))
        }
        backoff.reset()
        #expect(bound(100) == .milliseconds(100))
    }

    @Test("a pause is never nothing, and never above the longest")
    func staysWithin() {
        var backoff = Backoff(from: .milliseconds(100), to: .seconds(5))
        for chance: UInt64 in [0, 1, .max, .max / 2, 12_345_678_901] {
            let pause = backoff.next(chance: chance)
            #expect(pause > .zero && pause <= .seconds(5))
        }
        for _ in 1...100 { #expect(backoff.next() <= .seconds(5)) }
    }
}
