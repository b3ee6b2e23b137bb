import Chat
import ChatProtocol
import Networking
import Testing
import Time

@testable import Gateway

@Suite("REST callers: each has a rate of his own, and all of them together cost bounded memory")
struct CallerRatesTests {
    private let now = Instant(nanoseconds: 1_000_000_000)
    private let rate = TokenRate(perSecond: 10, burst: 5)

    private func user(_ number: Int, of tenant: String = "acme") throws -> CallerRates.Caller {
        let caller = Caller(
            tenant: try TenantID(tenant), user: try UserID("u\(number)"), name: nil, grants: .everything)
        return CallerRates.Caller(caller, at: try SocketAddress("127.0.0.1:9"))
    }

    @Test("one caller's flood takes nothing from another, nor from his namesake in another tenant")
    func separate() throws {
        var rates = CallerRates(rate: rate)
        for _ in 0..<5 { #expect(rates.take(1, for: try user(1), at: now) == nil) }
        #expect(rates.take(1, for: try user(1), at: now) == .milliseconds(100))
        #expect(rates.take(5, for: try user(2), at: now) == nil)
        #expect(rates.take(5, for: try user(1, of: "other"), at: now) == nil)
        #expect(rates.take(1, for: try user(1), at: now + .milliseconds(100)) == nil)
    }

    @Test("who shows no token is known by his address, whatever the port")
    func address() throws {
        let one = CallerRates.Caller(nil, at: try SocketAddress("127.0.0.1:1000"))
        #expect(one == CallerRates.Caller(nil, at: try SocketAddress("127.0.0.1:2000")))
        #expect(one != CallerRates.Caller(nil, at: try SocketAddress("127.0.0.2:1000")))
        let six = CallerRates.Caller(nil, at: try SocketAddress("[2001:db8::1]:1000"))
        #expect(six == CallerRates.Caller(nil, at: try SocketAddress("[2001:db8::2:0:0:1]:1000")))
        #expect(six != CallerRates.Caller(nil, at: try SocketAddress("[2001:db8:0:1::1]:1000")))
    }

    @Test("what costs more than the burst takes all of it, and is not refused for ever")
    func large() throws {
        var rates = CallerRates(rate: TokenRate(perSecond: 10, burst: 2))
        #expect(rates.take(5, for: try user(1), at: now) == nil)
        #expect(rates.take(5, for: try user(1), at: now) == .milliseconds(200))
    }

    @Test("callers whose buckets are full again are forgotten, others are not")
    func forgets() throws {
        var rates = CallerRates(rate: rate)
        for number in 0..<255 { _ = rates.take(1, for: try user(number), at: now) }
        let later = now + .milliseconds(100)
        for _ in 0..<5 { _ = rates.take(1, for: try user(1_000), at: later) }
        // The sweep comes with the first newcomer who finds so many.
        #expect(rates.count == 256)
        _ = rates.take(1, for: try user(1_001), at: later)
        #expect(rates.count == 2)
        #expect(rates.take(1, for: try user(1_000), at: later) != nil)
    }

    @Test("beyond the bound newcomers share a bucket, and those who were there go on")
    func bounded() throws {
        var rates = CallerRates(rate: rate, limit: 300)
        for number in 0..<300 { #expect(rates.take(1, for: try user(number), at: now) == nil) }
        let admitted = try (1_000..<2_000).count { rates.take(1, for: try user($0), at: now) == nil }
        #expect(admitted == 5 && rates.count == 300)
        #expect(rates.take(4, for: try user(7), at: now) == nil)
    }
}
