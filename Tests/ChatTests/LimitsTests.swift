import ChatProtocol
import Testing

@testable import Chat

@Suite("design.md §2: a room's kind comes from its name")
struct LimitsTests {
    @Test(
        "the longest matching prefix decides",
        arguments: [
            ("live:7", .ephemeral), ("live:log:7", .stored), ("live", .stored), ("lobby", .stored),
            ("Live:7", .stored),
        ] as [(RoomName, RoomKind)])
    func longestPrefix(_ name: RoomName, kind: RoomKind) {
        let rules = RoomRules(["live:": .ephemeral, "live:log:": .stored])
        #expect(rules.kind(of: name) == kind)
    }

    @Test("the empty prefix is the default; without one rooms are stored")
    func byDefault() {
        #expect(RoomRules(["": .ephemeral, "a": .stored]).kind(of: "b") == .ephemeral)
        #expect(RoomRules(["": .ephemeral, "a": .stored]).kind(of: "a") == .stored)
        #expect(RoomRules().kind(of: "b") == .stored)
    }

    @Test("a page fits a queue, and a body a page and a frame: no limit makes another pointless")
    func fit() {
        let announced = Limits().announced
        #expect(announced.pageBytes <= announced.queueBytes / 2)
        #expect(announced.bodyBytes <= announced.pageBytes && announced.bodyBytes < announced.messageBytes)
        #expect(Limits().roomLinger > Limits().rosterGrace)
    }
}
