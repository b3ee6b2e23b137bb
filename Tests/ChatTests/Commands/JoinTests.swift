import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("join: attach first, then read, then go live")
struct JoinTests {
    private let harness = HubHarness()

    @discardableResult
    private func join(
        _ key: SessionKey, since offset: Offset, _ epoch: Epoch = "1-1", room: RoomName = "lobby"
    ) -> [Effect] {
        harness.send(key, .join(Join(room: room, since: StreamPosition(epoch: epoch, offset: offset))))
    }

    @Test(
        "scenario 17: what is published while the room opens follows without gap or repeat"
    )
    func burst() {
        harness.store(3, in: "lobby")
        harness.isAnswering = false
        let ann = harness.connect("ann")
        #expect(join(ann, since: 1).openings == 0, "first the subscription")
        let early = harness.hear(harness.store(2, in: "lobby"))
        #expect(early.isEmpty)
        #expect(harness.advance(by: .milliseconds(200)).openings == 1)
        harness.hear(harness.store(2, in: "lobby"))
        var effects = harness.answer()
        #expect(effects.joined(ann)?.offsets == [2, 3, 4, 5, 6, 7])
        effects = harness.hear(harness.store(1, in: "lobby"))
        #expect(effects.offsets(to: ann) == [8])
    }

    @Test("scenario 17: a burst larger than what may wait loses nothing")
    func largeBurst() {
        harness.isAnswering = false
        let ann = harness.connect("ann")
        harness.send(ann, .join(Join(room: "lobby")))
        let before = harness.archive.open(.lobby, tail: 0, tailBytes: 0)
        harness.handle(.subscribed(.lobby))
        harness.forget()
        let burst = harness.store(400, in: "lobby")
        harness.hear(burst)
        var effects = harness.handle(.roomOpened(.lobby, .success(before)))
        effects += harness.advance(by: .milliseconds(10))
        effects += harness.answer()
        let joined = effects.joined(ann)
        let last = joined?.offsets.last ?? joined?.head ?? -1
        #expect(effects.offsets(to: ann) == Array((last + 1)...400))
    }

    @Test("a position ahead of this worker is no loss: it waits until the worker has come as far")
    func ahead() {
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.store(3, in: "lobby")
        let ann = harness.connect("ann")
        var effects = join(ann, since: 3)
        effects += harness.advance(by: .milliseconds(10))
        #expect(effects.joined(ann)?.recovered == true)
        let told = (effects.joined(ann)?.offsets ?? []) + effects.offsets(to: ann)
        #expect(told == [4])
        #expect(effects.offsets(to: bob) == [2, 3, 4])
    }

    @Test("a position above the archive's head is void from there on")
    func aboveHead() {
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        let ann = harness.connect("ann")
        let joined = join(ann, since: 9).joined(ann)
        #expect(
            joined?.recovered == false && joined?.gap == 2...9 && joined?.head == 1 && joined?.offsets == [])
        #expect(harness.publish(bob, "lobby").offsets(to: ann) == [2])
    }

    @Test("a void position is void also while a forged publication makes the room look longer")
    func aboveForged() {
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.hear([.stored(1_000_000)])
        let ann = harness.connect("ann")
        var effects = join(ann, since: 500)
        effects += harness.advance(by: .seconds(1))
        #expect(effects.joined(ann)?.gap == 2...500)
        #expect(harness.publish(bob, "lobby").offsets(to: ann) == [2])
    }

    @Test("1,000 sessions that want one page cost one read")
    func oneRead() {
        let harness = HubHarness { $0.ringBytes = 0 }
        harness.store(20, in: "lobby")
        _ = harness.connect("bob", in: "lobby")
        harness.isAnswering = false
        let keys = (0..<1_000).map { harness.connect(UserID(stringLiteral: "u\($0)")) }
        harness.answer()
        var effects: [Effect] = []
        let since = StreamPosition(epoch: "1-1", offset: 5)
        for key in keys { effects += harness.send(key, .join(Join(room: "lobby", since: since))) }
        #expect(effects.reads == 1)
        effects = harness.answer()
        #expect(keys.allSatisfy { effects.joined($0)?.offsets == Array(6...20) })
    }

    @Test(
        "an archive that fails to open the room: unavailable, and the next join opens it",
        arguments: [false, true])
    func failure(_ twice: Bool) {
        harness.isAnswering = false
        let ann = harness.connect("ann")
        join(ann, since: 0)
        harness.handle(.subscribed(.lobby))
        #expect(
            harness.fail().replies(to: ann) == [
                .error(
                    ErrorReply(
                        .unavailable, "The archive does not answer; ask again.", retryAfterMs: 1_000))
            ])
        #expect(harness.hub.counted.subscriptions == 0)
        if twice {
            join(ann, since: 0)
            #expect(harness.fail().errors(to: ann) == [.unavailable])
        }
        harness.isAnswering = true
        #expect(join(ann, since: 0).joined(ann)?.head == 0)
        #expect(harness.publish(ann, "lobby").offsets(to: ann) == [1])
    }

    @Test("a page that cannot be read: unavailable, and the session is not in the room")
    func pageFailure() {
        let harness = HubHarness { $0.ringBytes = 0 }
        harness.store(5, in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        let ann = harness.connect("ann")
        harness.isAnswering = false
        let since = StreamPosition(epoch: "1-1", offset: 1)
        harness.send(ann, .join(Join(room: "lobby", since: since)))
        #expect(harness.fail().errors(to: ann) == [.unavailable])
        harness.isAnswering = true
        #expect(harness.publish(bob, "lobby").pushes(to: ann).isEmpty)
        #expect(harness.send(ann, .presence("lobby")).errors(to: ann) == [.notJoined])
        #expect(
            harness.send(ann, .join(Join(room: "lobby", since: since))).joined(ann)?.offsets == [
                2, 3, 4, 5, 6,
            ])
    }

    @Test("a session that ends while its join waits leaves nothing behind, and its place is another's")
    func closed() {
        harness.isAnswering = false
        let ann = harness.connect("ann")
        join(ann, since: 0)
        harness.handle(.closed(ann))
        let next = SessionKey(slot: ann.slot, generation: 2)
        harness.handle(.opened(next, SessionSeed(name: "s", guest: "g")))
        let effects = harness.answer()
        #expect(effects.replies(to: ann).isEmpty && effects.replies(to: next).isEmpty)
        #expect(harness.hub.counted.subscriptions == 0)
    }

    @Test("joining a room one is in sets the position anew and doubles nothing")
    func again() {
        let ann = harness.connect("ann", in: "lobby")
        for _ in 0..<3 { harness.publish(ann, "lobby") }
        #expect(join(ann, since: 1).joined(ann)?.offsets == [2, 3])
        #expect(harness.publish(ann, "lobby").offsets(to: ann) == [4])
        #expect(harness.hub.counted.subscriptions == 1)
        #expect(harness.send(ann, .presence("lobby")).snapshot(ann)?.count == 1)
        harness.send(ann, .leave("lobby"))
        #expect(harness.hub.rooms[.lobby]?.roster.ownMembers().isEmpty == true)
    }

    @Test("so many rooms and no more; one that one is in does not count again")
    func tooMany() {
        let harness = HubHarness { $0.announced.roomsPerSession = 2 }
        let ann = harness.connect("ann", in: "a", "b")
        #expect(harness.send(ann, .join(Join(room: "c"))).errors(to: ann) == [.tooManyRooms])
        #expect(harness.send(ann, .join(Join(room: "a"))).joined(ann) != nil)
        harness.send(ann, .leave("a"))
        #expect(harness.send(ann, .join(Join(room: "c"))).joined(ann) != nil)
    }

    @Test("without an id, or in a room of Parley's own, it is refused")
    func refused() {
        let ann = harness.connect("ann")
        #expect(harness.send(ann, .join(Join(room: "lobby")), id: nil).errors(to: ann) == [.badRequest])
        #expect(harness.send(ann, .join(Join(room: "$all"))).errors(to: ann) == [.forbidden])
        #expect(harness.hub.counted.rooms == 0)
    }
}
