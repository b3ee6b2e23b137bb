import Testing
import Time

@Suite("Instants and durations")
struct InstantTests {
    @Test("adding a duration moves the instant by its nanoseconds")
    func adds() {
        let start = Instant(nanoseconds: 5)
        #expect((start + .seconds(2)).nanoseconds == 2_000_000_005)
        #expect((start + .nanoseconds(-7)).nanoseconds == -2)
    }

    @Test("adding more than 292 years ends in the distant future, and so does adding to that")
    func saturates() {
        #expect(Instant(nanoseconds: 1) + .seconds(Int64.max) == .distantFuture)
        #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
    }

    @Test("the difference of two instants added to the earlier one gives the later one")
    func subtracts() {
        let early = Instant(nanoseconds: 1_234)
        let late = Instant(nanoseconds: 9_876_543_210)
        #expect(early + (late - early) == late)
        #expect(early - late == .nanoseconds(1_234 - 9_876_543_210))
        #expect(early < late)
    }

    @Test(
        "a duration in nanoseconds keeps its sign and saturates at the ends",
        arguments: [
            (Duration.milliseconds(1500), Int64(1_500_000_000)), (.milliseconds(-1500), -1_500_000_000),
            (.nanoseconds(-1), -1), (.zero, 0), (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
        ])
    func nanoseconds(_ duration: Duration, _ expected: Int64) {
        #expect(duration.inNanoseconds == expected)
    }

    @Test("a duration in milliseconds is rounded towards zero")
    func milliseconds() {
        #expect(Duration.microseconds(1999).inMilliseconds == 1)
        #expect(Duration.seconds(3).inMilliseconds == 3000)
    }
}
