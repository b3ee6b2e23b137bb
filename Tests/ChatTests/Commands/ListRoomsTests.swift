import ChatProtocol
import Testing

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
}
