import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("publish: acknowledged means stored")
struct PublishTests {
    private let harness = HubHarness()

    private func publish(
        _ key: SessionKey, _ clientID: ClientID?, _ body: String, room: RoomName = "lobby", id: CommandID? = 1
    ) -> [Effect] {
        harness.send(key, .publish(Publish(room: room, clientID: clientID, body: Array(body.utf8))), id: id)
    }

    @Test("nobody hears of a draft before the archive settled it; then the sender first, and everyone once")
    func stored() {
        let ann = harness.connect("ann", in: "lobby")
        harness.isAnswering = false
        let asked = publish(ann, "x", "{\"a\": 1}")
        #expect(asked.appends == 1 && asked.count == 1)
        let effects = harness.answer()
        #expect(effects.published(ann)?.position == StreamPosition(epoch: "1-1", offset: 1))
        #expect(effects.published(ann)?.isRepeat == false)
        #expect(effects.publications(to: ann).map(\.body) == [Array("{\"a\": 1}".utf8)])
        guard case .reply? = effects.first else { return #expect(Bool(false), "the reply comes first") }
        #expect(effects.broadcasts.count == 1)
    }

    @Test("a join is not needed, and a room nobody is in here is told to the other hubs")
    func withoutJoin() {
        let ann = harness.connect("ann")
        let effects = publish(ann, "x", "1")
        #expect(effects.published(ann) != nil && effects.broadcasts.count == 1)
        #expect(harness.hub.counted.rooms == 0)
    }

    @Test("in an ephemeral room the answer has no position, and nothing goes to the archive")
    func ephemeral() {
        let ann = harness.connect("ann", in: "live:1")
        let effects = publish(ann, nil, "1", room: "live:1")
        #expect(effects.appends == 0 && effects.offsets(to: ann) == [0] && effects.broadcasts.count == 1)
        #expect(effects.published(ann) == Published(position: nil, time: harness.now.wall))
    }

    @Test("what cannot be taken is refused before anything is stored")
    func refused() {
        let ann = harness.connect("ann")
        let large = String(repeating: "1", count: harness.limits.announced.bodyBytes + 1)
        #expect(publish(ann, nil, "1").errors(to: ann) == [.badRequest])
        #expect(publish(ann, "x", large).errors(to: ann) == [.tooLarge])
        #expect(publish(ann, nil, large, room: "live:1").errors(to: ann) == [.tooLarge])
        #expect(publish(ann, "x", "1", room: "$user:bob").errors(to: ann) == [.forbidden])
        #expect(publish(ann, "x", "").errors(to: ann) == [.refused], "the archive's own refusal")
        #expect(publish(ann, "x", String(large.dropLast())).published(ann) != nil)
        #expect(harness.hub.counted.pendingDrafts == 0)
    }

    @Test(
        "scenarios 2, 3: a repeat answers the first one's position and tells nobody; another body is refused")
    func repeated() {
        let ann = harness.connect("ann", in: "lobby")
        let tab = harness.connect("ann")
        #expect(publish(ann, "x", "1").published(ann)?.position?.offset == 1)
        _ = publish(ann, "y", "2")
        let again = publish(tab, "x", "1")
        #expect(again.published(tab)?.position?.offset == 1 && again.published(tab)?.isRepeat == true)
        #expect(again.pushes(to: ann).isEmpty && again.broadcasts.isEmpty)
        #expect(publish(tab, "x", "9").errors(to: tab) == [.clientIdReused])
        let bob = harness.connect("bob")
        #expect(
            publish(bob, "x", "9").published(bob)?.position?.offset == 3, "another user's x is another draft")
    }

    @Test("without an id success is silent, and every error told")
    func withoutID() {
        let ann = harness.connect("ann")
        #expect(publish(ann, "x", "1", id: nil).replies(to: ann).isEmpty)
        #expect(publish(ann, "x", "2", id: nil).errors(to: ann) == [.clientIdReused])
    }

    @Test("an archive that is away: unavailable, with the time to wait; ephemeral rooms do not notice")
    func unavailable() {
        let ann = harness.connect("ann", in: "live:1")
        harness.isAnswering = false
        _ = publish(ann, "x", "1")
        let effects = harness.fail()
        #expect(effects.replies(to: ann) == [.error(ErrorReply(.unavailable, retryAfterMs: 1_000))])
        #expect(effects.broadcasts.isEmpty)
        #expect(publish(ann, nil, "1", room: "live:1").offsets(to: ann) == [0])
    }

    @Test(
        "a draft not settled in time is unavailable; settled later it is told to the room, not to the sender"
    )
    func late() {
        let ann = harness.connect("ann", in: "lobby")
        harness.isAnswering = false
        _ = publish(ann, "x", "1")
        harness.advance(by: .seconds(5))
        _ = publish(ann, "y", "2")
        #expect(harness.advance(by: .milliseconds(4_999)).errors(to: ann).isEmpty)
        #expect(harness.advance(by: .milliseconds(1)).errors(to: ann) == [.unavailable])
        #expect(harness.hub.session(ann)?.outstanding == 1 && harness.hub.counted.pendingDrafts == 2)
        #expect(harness.advance(by: .seconds(5)).errors(to: ann) == [.unavailable])
        let effects = harness.answer()
        #expect(effects.replies(to: ann).isEmpty && effects.offsets(to: ann) == [1, 2])
        #expect(effects.broadcasts.count == 2)
        harness.isAnswering = true
        #expect(publish(ann, "x", "1").published(ann)?.isRepeat == true)
    }

    @Test("drafts that wait are bounded in bytes, and each counts for more than its body")
    func pendingBytes() {
        let harness = HubHarness { $0.pendingBytes = 2_000 }
        let ann = harness.connect("ann")
        harness.isAnswering = false
        harness.publish(ann, "lobby", String(repeating: "1", count: 1_500))
        #expect(
            harness.publish(ann, "lobby", String(repeating: "1", count: 500)).errors(to: ann) == [
                .unavailable
            ])
        harness.answer()
        var taken = 0
        for _ in 0..<100 { taken += harness.publish(ann, "lobby").appends }
        #expect((2...20).contains(taken))
        harness.answer()
        #expect(harness.publish(ann, "lobby").appends == 1)
    }

    @Test("a settlement for a session that is gone still reaches the room")
    func gone() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        harness.isAnswering = false
        _ = publish(ann, "x", "1")
        harness.handle(.closed(ann))
        #expect(harness.answer().offsets(to: bob) == [1])
    }
}
