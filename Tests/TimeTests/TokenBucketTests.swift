import Testing

@testable import Time

@Suite("A token bucket: a burst, then the rate")
struct TokenBucketTests {
    private let rate = TokenRate(perSecond: 10, burst: 5)
    private var now = Instant(nanoseconds: 1_000_000_007)

    private func count(_ bucket: inout TokenBucket, at now: Instant, tries: Int = 100) -> Int {
        (0..<tries).count { _ in bucket.take(of: rate, at: now) == nil }
    }

    @Test("a full bucket gives its burst and no more, and then one token each interval")
    func burst() {
        var bucket = TokenBucket()
        #expect(count(&bucket, at: now) == 5)
        #expect(count(&bucket, at: now + .milliseconds(99)) == 0)
        #expect(count(&bucket, at: now + .milliseconds(100)) == 1)
        #expect(count(&bucket, at: now + .milliseconds(349)) == 2)
        #expect(count(&bucket, at: now + .milliseconds(350)) == 0)
        #expect(count(&bucket, at: now + .milliseconds(400)) == 1)
    }

    @Test("a quiet time fills it to the burst, however long it was")
    func quiet() {
        var bucket = TokenBucket()
        #expect(count(&bucket, at: now) == 5)
        #expect(count(&bucket, at: now + .milliseconds(500)) == 5)
        #expect(count(&bucket, at: now + .seconds(1_000_000_000)) == 5)
    }

    @Test("the wait it names is exact: a nanosecond earlier it refuses, then it gives")
    func wait() throws {
        var bucket = TokenBucket()
        for _ in 0..<5 { _ = bucket.take(of: rate, at: now) }
        let later = now + .milliseconds(30)
        let told = bucket.take(3, of: rate, at: later)
        let wait = try #require(told)
        #expect(wait == .milliseconds(270))
        #expect(bucket.take(3, of: rate, at: later + wait - .nanoseconds(1)) == .nanoseconds(1))
        #expect(bucket.take(3, of: rate, at: later + wait) == nil)
    }

    @Test("a refusal costs nothing: who is refused a hundred times waits no longer")
    func refusals() {
        var bucket = TokenBucket()
        #expect(count(&bucket, at: now, tries: 1_000) == 5)
        #expect(count(&bucket, at: now + .milliseconds(100)) == 1)
    }

    @Test("more than the burst is never there, and less of a cost is taken whole or not at all")
    func more() {
        var bucket = TokenBucket()
        #expect(bucket.take(6, of: rate, at: now) == .milliseconds(100))
        #expect(bucket.take(6, of: rate, at: now + .seconds(60)) == .milliseconds(100))
        #expect(bucket.take(4, of: rate, at: now) == nil)
        #expect(bucket.take(2, of: rate, at: now) == .milliseconds(100))
        #expect(bucket.take(1, of: rate, at: now) == nil)
        #expect(bucket.take(.max, of: rate, at: now) == Duration.nanoseconds(Int64.max))
    }

    @Test("the time until it is full counts down to zero")
    func filling() {
        var bucket = TokenBucket()
        #expect(bucket.timeToFill(at: now) == .zero)
        _ = bucket.take(2, of: rate, at: now)
        #expect(bucket.timeToFill(at: now) == .milliseconds(200))
        #expect(bucket.timeToFill(at: now + .milliseconds(150)) == .milliseconds(50))
        #expect(bucket.timeToFill(at: now + .seconds(1)) == .zero)
    }

    @Test("rates out of range are taken as the nearest that make sense")
    func rates() {
        #expect(TokenRate(perSecond: 0, burst: 0) == TokenRate(perSecond: 1, burst: 1))
        #expect(TokenRate(perSecond: .max, burst: 3).burst == 3)
        #expect(TokenRate(perSecond: 1, burst: .max).fillTime == .nanoseconds(Int64.max))
        var bucket = TokenBucket()
        #expect(bucket.take(of: TokenRate(perSecond: 1, burst: .max), at: now) == nil)
        #expect(TokenRate(perSecond: 500, burst: 2_000).fillTime == .seconds(4))
    }

    @Test("whatever is asked at whatever times, no window gives more than the burst and what came in it")
    func bound() {
        var bucket = TokenBucket()
        var state: UInt64 = 7
        func random(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        var now = self.now
        var taken: [(at: Instant, tokens: Int)] = []
        for _ in 0..<2_000 {
            now = now + .nanoseconds(random(120_000_000))
            let tokens = Int(1 + random(3))
            if bucket.take(tokens, of: rate, at: now) == nil { taken.append((now, tokens)) }
        }
        #expect(taken.count > 500)
        for start in stride(from: 0, to: taken.count, by: 7) {
            var sum = 0
            for entry in taken[start..<min(start + 60, taken.count)] {
                sum += entry.tokens
                let span = (entry.at - taken[start].at).inNanoseconds
                #expect(Int64(sum) <= 5 + span / 100_000_000 + 1)
            }
        }
    }
}
