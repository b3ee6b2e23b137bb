import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("design.md §3: the hub is pure")
struct HubTests {
    /// A life with a bit of everything: joins, publishing, gaps, epochs, slowness, rosters, goodbyes.
    private func life() -> [String] {
        let harness = HubHarness { $0.allRingsBytes = 2_000 }
        var said: [String] = []
        func note(_ effects: [Effect]) { said += effects.map { String(describing: $0) } }
        let rooms: [RoomName] = ["lobby", "garden", "live:1", "attic"]
        let keys = (0..<12).map { harness.connect(UserID(stringLiteral: "u\($0 % 7)")) }
        for (place, key) in keys.enumerated() {
            for room in rooms[..<(1 + place % 4)] {
                note(harness.send(key, .join(Join(room: room, tail: 2))))
            }
        }
        for step in 0..<60 {
            let room = rooms[step % 4]
            note(harness.publish(keys[step % 12], room))
            note(harness.send(keys[step % 5], .typing(Typing(room: room))))
            if step % 9 == 4 { note(harness.hear(Array(harness.store(3, in: "lobby").reversed()))) }
            if step % 13 == 5 { note(harness.handle(.congested(keys[step % 12]))) }
            if step % 13 == 11 { note(harness.handle(.drained(keys[(step - 6) % 12]))) }
            if step == 30 { harness.archive.newGeneration() }
            let member = Member(user: "far", name: nil)
            note(
                harness.hear(
                    .rosterSnapshot(number: Int64(step), members: step % 2 == 0 ? [member] : []), in: room))
            note(harness.advance(by: .milliseconds(170)))
        }
        for key in keys[..<5] { note(harness.handle(.closed(key))) }
        note(harness.advance(by: .seconds(130)))
        note(harness.handle(.drain(afterMs: 500)))
        return said
    }

    @Test("the same facts at the same times give the same effects")
    func deterministic() {
        let first = life()
        let second = life()
        #expect(first.count > 500)
        #expect(first == second)
    }

    @Test("facts about sessions that are gone are no facts")
    func strangers() {
        let harness = HubHarness()
        let ann = harness.connect("ann", in: "lobby")
        harness.handle(.closed(ann))
        let other = SessionKey(slot: ann.slot, generation: 2)
        harness.handle(.opened(other, SessionSeed(name: "s", guest: "g")))
        for key in [ann, SessionKey(slot: 99, generation: 1)] {
            #expect(harness.send(key, .ping).isEmpty)
            #expect(harness.handle(.congested(key)).isEmpty && harness.handle(.drained(key)).isEmpty)
            #expect(harness.handle(.heard(key)).isEmpty && harness.handle(.undecodable(key)).isEmpty)
            #expect(harness.handle(.malformed(key, 1, ErrorReply(.badRequest))).isEmpty)
            #expect(harness.handle(.closed(key)).isEmpty)
        }
        #expect(harness.hub.counted.sessions == 1)
        let key = RoomKey.lobby
        let page = harness.archive.open(key, tail: 0, tailBytes: 0)
        #expect(harness.handle(.pageRead(77, .success(page))).isEmpty)
        #expect(harness.handle(.settled([Settlement(token: 77, outcome: .refused)])).isEmpty)
        #expect(harness.handle(.roomOpened(RoomKey(tenant: .default, name: "x"), .success(page))).isEmpty)
        #expect(harness.handle(.subscribed(RoomKey(tenant: .default, name: "x"))).isEmpty)
        #expect(harness.hear(.rosterRequest, in: "x").isEmpty)
    }

    @Test("the deadline is the next thing that is due, and time before it does nothing")
    func deadline() {
        let harness = HubHarness()
        let start = harness.now.instant
        #expect(harness.hub.deadline == start + harness.limits.rosterInterval)
        _ = harness.open()
        harness.isAnswering = false
        let ann = harness.connect("ann")
        harness.send(ann, .join(Join(room: "lobby")))
        #expect(harness.hub.deadline == start + harness.limits.subscribePatience)
        #expect(harness.advance(by: .milliseconds(199)).isEmpty)
        #expect(harness.advance(by: .milliseconds(1)).openings == 1)
    }

    @Test("what is counted")
    func counted() {
        let harness = HubHarness()
        let ann = harness.connect("ann", in: "lobby", "live:1")
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(ann, "lobby")
        harness.publish(ann, "live:1")
        harness.send(ann, .presence("attic"))
        harness.isAnswering = false
        harness.publish(bob, "lobby")
        let counted = harness.hub.counted
        #expect(counted.sessions == 2 && counted.rooms == 2 && counted.subscriptions == 3)
        #expect(counted.stored == 1 && counted.ephemeral == 1 && counted.deliveries == 3)
        #expect(counted.pendingDrafts == 1)
        #expect(counted.refusals == ["notJoined": 1])
    }
}
