import Glibc
import Networking
import Testing
import Time

@testable import Gateway

@Suite("ProcessFigures: what proc(5) says of the process")
struct ProcessFiguresTests {
    private static let stat =
        "7 (a) b (c)) S 1 7 7 0 -1 4194560 5 6 7 8 150 50 0 0 20 0 4 0 1000 9999999 25 0"

    private static func figures(_ stat: String, uptime: String = "30.50 12.00\n") -> ProcessFigures? {
        ProcessFigures(
            stat: stat, uptime: uptime, wallSeconds: 1_000_000, ticksPerSecond: 100, pageBytes: 4_096,
            openDescriptors: 9)
    }

    @Test("times and memory are read from behind the program's name, whatever it is")
    func parses() throws {
        let figures = try #require(Self.figures(Self.stat))
        #expect(figures.cpuSeconds == 2)
        #expect(figures.startedAt == 1_000_000 - (30.5 - 10))
        #expect(figures.residentBytes == 25 * 4_096)
        #expect(figures.openDescriptors == 9)
    }

    @Test(
        "what is no such text gives no figures",
        arguments: ["", "7 (a", "7 (a) S 1 2", String(repeating: "7 ", count: 30)])
    func refuses(_ stat: String) { #expect(Self.figures(stat) == nil) }

    @Test("a text without an uptime gives none either")
    func needsUptime() { #expect(Self.figures(Self.stat, uptime: "") == nil) }

    @Test("this process runs, has memory, and one more descriptor once it opens one")
    func readsItself() throws {
        let before = try #require(ProcessFigures.read())
        let now = Double(Clock.moment.wall.milliseconds) / 1e3
        #expect(before.startedAt <= now + 1 && before.startedAt > now - 86_400)
        #expect(before.residentBytes > 1_000_000 && before.cpuSeconds > 0)
        // Other tests open and close some meanwhile: many of our own outweigh them.
        let own = (0..<500).map { _ in dup(1) }
        defer { for descriptor in own { close(descriptor) } }
        #expect(try #require(ProcessFigures.read()).openDescriptors >= 500)
    }
}
