import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("rooms: the stored rooms the user joined and did not leave")
struct ListRoomsTests {
    private let harness = HubHarness()

    private func rooms(_ key: SessionKey, after: RoomName? = nil, limit: Int? = nil) -> RoomsPage? {
        let effects = harness.send(key, .rooms(RoomsRequest(after: after, limit: limit)))
        if case .ok(.rooms(let page))? = effects.replies(to: key).last { return page }
        return nil
    }

    @Test(
        "in byte order, a page at a time, with head and last publication; no ephemeral ones"
    )
    func list() {
        let ann = harness.connect("ann", in: "b", "live:1", "c", "a")
        harness.publish(ann, "b", "\"hello\"")
        harness.send(ann, .leave("c"))
        harness.handle(.closed(ann))
        let again = harness.connect("ann")
        let page = rooms(again, limit: 1)
        #expect(page?.rooms.map(\.room) == ["a"] && page?.more == true)
        let rest = rooms(again, after: "a")
        #expect(rest?.rooms.map(\.room) == ["b"] && rest?.more == false)
        #expect(rest?.rooms.first?.head == 1 && rest?.rooms.first?.last?.body == Array("\"hello\"".utf8))
        let bob = harness.connect("bob")
        #expect(rooms(bob)?.rooms.isEmpty == true)
    }

    @Test("an archive that fails is unavailable")
    func failure() {
        let ann = harness.connect("ann")
        harness.isAnswering = false
        harness.send(ann, .rooms(RoomsRequest()))
        #expect(harness.fail().errors(to: ann) == [.unavailable])
        #expect(harness.hub.session(ann)?.outstandingReads == 0)
    }

    // MARK: Grants

    private func caller(_ grants: [(String, RoomVerbs)]) -> Caller {
        let lines = grants.compactMap { line in
            RoomPattern(line.0).map { Grant(match: $0, can: line.1) }
        }
        return Caller(
            tenant: .default, user: "ann", name: nil, grants: Grants(lines),
            expiresAt: WallTime(milliseconds: 9_000_000))
    }

    @Test("only rooms that may be joined, with their last publication only where the past may be read")
    func granted() {
        let harness = HubHarness(identity: .proven)
        let ann = harness.connect(as: caller([("*", .everything)]), in: "a", "b", "c")
        for room: RoomName in ["a", "b", "c"] { harness.publish(ann, room) }
        let less = harness.connect(
            as: caller([("a", [.join]), ("c", [.join, .history]), ("b", [.history])]))
        let page = harness.send(less, .rooms(RoomsRequest())).rooms(less)
        #expect(page?.rooms.map(\.room) == ["a", "c"] && page?.more == false)
        #expect(page?.rooms.map { $0.last != nil } == [false, true] && page?.rooms.map(\.head) == [1, 1])
    }

    @Test("rooms that may not be joined never make an empty page with more behind it, nor a long one")
    func hidden() {
        let harness = HubHarness(identity: .proven)
        let ann = harness.connect(as: caller([("*", .everything)]))
        for number in 100...249 {
            harness.send(ann, .join(Join(room: RoomName(stringLiteral: "x\(number)"))))
        }
        for name: RoomName in ["y1", "y2", "y3"] { harness.send(ann, .join(Join(room: name))) }
        let less = harness.connect(as: caller([("y*", [.join])]))
        let effects = harness.send(less, .rooms(RoomsRequest(limit: 1)))
        #expect(effects.rooms(less)?.rooms.map(\.room) == ["y1"] && effects.rooms(less)?.more == true)
        #expect(effects.count { if case .listRooms = $0 { true } else { false } } == 3)
        let rest = harness.send(less, .rooms(RoomsRequest(after: "y1", limit: 2))).rooms(less)
        #expect(rest?.rooms.map(\.room) == ["y2", "y3"] && rest?.more == false)
        let none = harness.connect(as: caller([("z*", [.join])]))
        let nothing = harness.send(none, .rooms(RoomsRequest(limit: 1))).rooms(none)
        #expect(nothing?.rooms.isEmpty == true && nothing?.more == false)
        #expect(harness.hub.session(none)?.outstandingReads == 0)
    }

    @Test("who leaves while hidden rooms are passed is not read for any longer")
    func gone() {
        let harness = HubHarness(identity: .proven)
        let ann = harness.connect(as: caller([("*", .everything)]), in: "a", "b")
        let less = harness.connect(as: caller([]))
        harness.isAnswering = false
        harness.send(less, .rooms(RoomsRequest(limit: 1)))
        harness.handle(.closed(less))
        #expect(harness.answer().isEmpty && harness.hub.reads.isEmpty)
        #expect(harness.hub.session(ann) != nil)
    }
}
