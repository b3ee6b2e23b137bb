import ChatProtocol
import Testing

@testable import Chat

@Suite("leave: harmless to repeat")
struct LeaveTests {
    private let harness = HubHarness()

    @Test("nothing of the room is heard any more, and the user is remembered as gone")
    func leave() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        #expect(harness.send(ann, .leave("lobby")).replies(to: ann) == [.ok(.done)])
        #expect(harness.publish(bob, "lobby").pushes(to: ann).isEmpty)
        #expect(harness.send(ann, .leave("lobby")).replies(to: ann) == [.ok(.done)])
        #expect(
            harness.archive.rooms(of: UserKey(tenant: .default, user: "ann"), after: nil, limit: 9).rooms
                .isEmpty)
        #expect(harness.send(ann, .presence("lobby")).errors(to: ann) == [.notJoined])
    }

    @Test("leaving a room that is still being joined ends that join with notJoined")
    func pending() {
        let ann = harness.connect("ann")
        harness.isAnswering = false
        harness.send(ann, .join(Join(room: "lobby")), id: 1)
        harness.send(ann, .leave("lobby"), id: 2)
        harness.isAnswering = true
        #expect(harness.answer().errors(to: ann) == [.notJoined])
        let bob = harness.connect("bob")
        #expect(harness.publish(bob, "lobby").pushes(to: ann).isEmpty)
        #expect(harness.hub.session(ann)?.outstanding == 0)
        #expect(harness.send(ann, .join(Join(room: "lobby"))).joined(ann)?.head == 1)
    }

    @Test("leave and join anew while the first join waits: the first is notJoined, the second holds")
    func again() {
        let ann = harness.connect("ann")
        harness.isAnswering = false
        harness.send(ann, .join(Join(room: "lobby")), id: 1)
        harness.send(ann, .leave("lobby"), id: 2)
        harness.send(ann, .join(Join(room: "lobby")), id: 3)
        let effects = harness.answer()
        #expect(effects.errors(to: ann) == [.notJoined] && effects.joined(ann) != nil)
        harness.isAnswering = true
        #expect(harness.publish(ann, "lobby").offsets(to: ann) == [1])
    }
}
