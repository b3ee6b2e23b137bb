import Testing
import Time

@testable import Chat

@Suite("The life of a token: when its end is told, and when it is the session's")
struct TokenLifeTests {
    private func time(_ milliseconds: Int64) -> WallTime { WallTime(milliseconds: milliseconds) }

    @Test(
        "it is told a minute before, or half-way where less is left, at once where it is over",
        arguments: [(100_000, 40_000), (60_001, 1), (60_000, 30_000), (10, 5), (1, 0), (0, 0), (-20_000, 0)])
    func told(left: Int64, after: Int64) {
        let life = TokenLife(until: time(1_000_000 + left), at: time(1_000_000))
        #expect(life.rest(at: time(1_000_000)) == .milliseconds(after))
        #expect(life.rest(at: time(1_000_000 + after)) == .zero)
        #expect(life.left(at: time(1_000_000)) == max(left, 0))
    }

    @Test("once told, it lasts half a minute beyond its expiry")
    func ends() {
        var life = TokenLife(until: time(5_000), at: time(0))
        life.isTold = true
        #expect(life.rest(at: time(2_500)) == .milliseconds(32_500))
        #expect(life.rest(at: time(34_999)) == .milliseconds(1) && life.rest(at: time(35_000)) == .zero)
        #expect(life.rest(at: time(99_000)) == .zero && life.left(at: time(99_000)) == 0)
    }

    @Test("a token for ever overflows nothing")
    func forEver() {
        var life = TokenLife(until: time(.max), at: time(1_000))
        #expect(life.rest(at: time(1_000)) > .seconds(1_000_000_000))
        life.isTold = true
        #expect(life.rest(at: time(1_000)) > .seconds(1_000_000_000))
        #expect(TokenLife(until: time(.max), at: time(-5)).left(at: time(-5)) == .max)
        #expect(TokenLife(until: time(.min), at: time(0)).rest(at: time(0)) == .zero)
    }
}
