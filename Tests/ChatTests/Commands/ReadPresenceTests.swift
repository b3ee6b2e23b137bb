import ChatProtocol
import Testing

@testable import Chat

@Suite("presence: who is in a room one is in")
struct ReadPresenceTests {
    private let harness = HubHarness { $0.rosterMembers = 2 }

    @Test("everyone is counted and the first ones are listed")
    func snapshot() {
        let ann = harness.connect("ann", in: "lobby")
        for user: UserID in ["cem", "bob", "bob"] { _ = harness.connect(user, in: "lobby") }
        let snapshot = harness.send(ann, .presence("lobby")).snapshot(ann)
        #expect(snapshot?.members.map(\.user) == ["ann", "bob"] && snapshot?.count == 3)
        #expect(snapshot?.room == "lobby")
    }

    @Test("it needs a join, also in an ephemeral room and one that exists for others")
    func notJoined() {
        let ann = harness.connect("ann", in: "live:1")
        _ = harness.connect("bob", in: "lobby")
        #expect(harness.send(ann, .presence("lobby")).errors(to: ann) == [.notJoined])
        #expect(harness.send(ann, .presence("nowhere")).errors(to: ann) == [.notJoined])
        #expect(harness.send(ann, .presence("live:1")).snapshot(ann)?.count == 1)
    }
}
