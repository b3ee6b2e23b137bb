import Testing
import Time

@testable import Gateway

@Suite("RFC 9110 §5.6.7: the Date field")
struct HTTPDateTests {
    private static func moment(_ milliseconds: Int64) -> Moment {
        Moment(instant: Instant(nanoseconds: 0), wall: WallTime(milliseconds: milliseconds))
    }

    @Test(
        "is an IMF-fixdate in GMT",
        arguments: [
            (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_102_444_799_999, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ] as [(Int64, String)])
    func writesDates(_ milliseconds: Int64, _ text: String) {
        var date = HTTPDate()
        #expect(date.text(at: Self.moment(milliseconds)) == text)
    }

    @Test("changes with the second, also backwards, and not before")
    func followsTheClock() {
        var date = HTTPDate()
        let first = date.text(at: Self.moment(1_000))
        #expect(date.text(at: Self.moment(1_999)) == first)
        #expect(date.text(at: Self.moment(2_000)) == "Thu, 01 Jan 1970 00:00:02 GMT")
        #expect(date.text(at: Self.moment(1_500)) == first)
    }
}
