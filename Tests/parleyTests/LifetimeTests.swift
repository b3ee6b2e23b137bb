import Testing

@testable import parley

@Suite("parley token --expires: a number and its unit")
struct LifetimeTests {
    @Test(
        "units are seconds, minutes, hours and days",
        arguments: [("30s", 30), ("15m", 900), ("1h", 3_600), ("7d", 604_800), ("3650d", 315_360_000)]
            as [(String, Int64)])
    func reads(_ text: String, _ seconds: Int64) {
        #expect(Lifetime(text)?.seconds == seconds)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "s", "1", "1w", "-1h", "+1h", "1.5h", " 1h", "1h ", "0s", "3651d", "99999999999999999999s",
            "9223372036854775807d", "１h",
        ])
    func refuses(_ text: String) {
        #expect(Lifetime(text) == nil)
    }
}
