import Testing
import Time

@testable import BrokerRedis

@Suite("Waiting between tries")
struct BackoffTests {
    @Test("the longest wait doubles from 100 ms up to 5 s, and begins anew after a success")
    func limits() {
        var backoff = Backoff()
        let waits = (0..<8).map { _ in backoff.next(random: .max).inMilliseconds }
        #expect(waits == [99, 199, 399, 799, 1599, 3199, 4999, 4999])
        backoff.reset()
        #expect(backoff.next(random: .max).inMilliseconds == 99)
    }

    @Test("any wait below the longest is as likely as another")
    func jitter() {
        var backoff = Backoff()
        #expect(backoff.next(random: 0) == .zero)
        #expect(backoff.next(random: 1 << 63) == .milliseconds(100))
    }
}
