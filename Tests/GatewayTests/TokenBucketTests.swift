import Testing
import Time

@testable import Gateway

@Suite("A bucket of tokens refills at its own rate")
struct TokenBucketTests {
    private static let size = TokenBucket.Size(rate: 10, burst: 5)
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    /// How many of `count` attempts, `step` apart, find a token from `now` on.
    private static func taken(
        _ count: Int, every step: Duration, from now: Instant, by bucket: inout TokenBucket
    ) -> Int {
        var taken = 0
        for index in 0..<count {
            let moment = now + step * index
            guard bucket.wait(at: moment, size) == nil else { continue }
            bucket.take(at: moment, size)
            taken += 1
        }
        return taken
    }

    @Test("after a quiet time as many as it holds, then one for each step of its rate")
    func holdsBurst() {
        var bucket = TokenBucket()
        #expect(Self.taken(20, every: .zero, from: Self.start, by: &bucket) == 5)
        #expect(bucket.wait(at: Self.start, Self.size) == .milliseconds(100))
        #expect(bucket.wait(at: Self.start + .milliseconds(99), Self.size) == .milliseconds(1))
        let later = Self.start + .milliseconds(100)
        #expect(Self.taken(20, every: .zero, from: later, by: &bucket) == 1)
    }

    @Test("over a longer time its rate passes, however often it is asked", arguments: [1, 7, 50, 99])
    func keepsRate(_ milliseconds: Int) {
        var bucket = TokenBucket()
        let count = 60_000 / milliseconds
        let passed = Self.taken(count, every: .milliseconds(milliseconds), from: Self.start, by: &bucket)
        #expect((600...606).contains(passed), "\(passed)")
    }

    @Test("it never holds more than its burst, however long nobody came")
    func doesNotHoard() {
        var bucket = TokenBucket()
        #expect(bucket.isFull(at: Self.start))
        bucket.take(at: Self.start, Self.size)
        #expect(!bucket.isFull(at: Self.start + .milliseconds(99)))
        #expect(bucket.isFull(at: Self.start + .milliseconds(100)))
        let muchLater = Self.start + .seconds(86_400)
        #expect(Self.taken(20, every: .zero, from: muchLater, by: &bucket) == 5)
    }

    @Test("no rate is no limit")
    func isUnlimited() {
        var bucket = TokenBucket()
        let size = TokenBucket.Size(rate: 0, burst: 1)
        for _ in 0..<1_000 {
            #expect(bucket.wait(at: Self.start, size) == nil)
            bucket.take(at: Self.start, size)
        }
        #expect(bucket.isFull(at: Self.start))
    }
}
