import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("ordering.md §6: who is in a room")
struct RosterTests {
    private var roster = Roster()
    private var counter: Int64 = 0
    private let graceEnd = Instant(nanoseconds: 100)
    private let now = Instant(nanoseconds: 1)
    private let ann = Member(user: "ann", name: "Ann")
    private let bob = Member(user: "bob", name: nil)
    private let there = OriginID(number: 2)
    private let yonder = OriginID(number: 3)

    private mutating func change() -> RosterChange? { roster.takeChange(of: "lobby") }
    private mutating func news() -> RosterNews? { roster.takeNews(counter: &counter)?.change }
    private mutating func present() -> [UserID] {
        roster.snapshot(of: "lobby", limit: 10).members.map(\.user)
    }

    private mutating func depart(_ user: UserID, isLeft: Bool) {
        roster.depart(user, isLeft: isLeft, graceUntil: graceEnd)
    }

    private mutating func apply(
        _ change: RosterNews, from origin: OriginID, _ previous: Int64, _ number: Int64,
        at time: Instant? = nil
    ) -> Bool {
        roster.apply(
            change, from: origin, previous: previous, number: number, at: time ?? now, graceUntil: graceEnd)
    }

    private mutating func replace(_ origin: OriginID, _ members: [Member], _ number: Int64) {
        roster.replacePart(of: origin, by: members, number: number, at: now, graceUntil: graceEnd)
    }

    @Test("one entry for a user, however many sessions; told once")
    mutating func sessions() {
        roster.arrive(ann)
        roster.arrive(ann)
        #expect(change() == RosterChange(room: "lobby", version: 1, join: [ann], leave: []))
        #expect(news() == RosterNews(join: [ann]))
        depart("ann", isLeft: true)
        #expect(change() == nil && news() == nil && present() == ["ann"])
        depart("ann", isLeft: true)
        #expect(change() == RosterChange(room: "lobby", version: 2, join: [], leave: ["ann"]))
        #expect(news() == RosterNews(left: ["ann"]))
        #expect(present().isEmpty)
    }

    @Test("a lost connection leaves after the grace, a command at once")
    mutating func grace() {
        roster.arrive(ann)
        _ = change()
        depart("ann", isLeft: false)
        #expect(change() == nil && present() == ["ann"] && roster.nextDeparture == graceEnd)
        roster.expire(at: Instant(nanoseconds: 99))
        #expect(present() == ["ann"])
        roster.expire(at: graceEnd)
        #expect(change()?.leave == ["ann"] && present().isEmpty && roster.nextDeparture == nil)
    }

    @Test("who is back within the grace never left")
    mutating func back() {
        roster.arrive(ann)
        _ = change()
        depart("ann", isLeft: false)
        roster.arrive(ann)
        roster.expire(at: graceEnd)
        #expect(change() == nil && present() == ["ann"])
    }

    @Test("who came and went within one batch is told to nobody here, and as gone to the other hubs")
    mutating func brief() {
        roster.arrive(ann)
        depart("ann", isLeft: true)
        #expect(news() == RosterNews(left: ["ann"]))
        #expect(change() == nil)
        #expect(!roster.hasChanges)
    }

    @Test("the roster is the union over hubs: gone when the last one says so")
    mutating func union() {
        #expect(apply(RosterNews(join: [ann]), from: there, 0, 1))
        #expect(apply(RosterNews(join: [ann, bob]), from: yonder, 0, 5))
        #expect(present() == ["ann", "bob"])
        #expect(apply(RosterNews(left: ["ann"]), from: there, 1, 2))
        #expect(present() == ["ann", "bob"])
        #expect(apply(RosterNews(left: ["ann"], lost: ["bob"]), from: yonder, 5, 6))
        #expect(present() == ["bob"], "bob's connection was lost: the grace is the observer's")
        roster.expire(at: graceEnd)
        #expect(present().isEmpty)
    }

    @Test("a change told twice changes nothing; an old one neither")
    mutating func idempotent() {
        let first = RosterNews(join: [ann])
        #expect(apply(first, from: there, 0, 1) && apply(first, from: there, 0, 1))
        #expect(apply(RosterNews(left: ["ann"]), from: there, 1, 2))
        #expect(apply(first, from: there, 0, 1))
        #expect(present().isEmpty)
    }

    @Test("a missed change is noticed by its number, also when it is only repeated where the hub is")
    mutating func gap() {
        #expect(apply(RosterNews(join: [ann]), from: there, 0, 1))
        #expect(!apply(RosterNews(join: [bob]), from: there, 2, 3))
        #expect(present() == ["ann"])
        #expect(!apply(RosterNews(), from: there, 3, 3))
        replace(there, [bob], 3)
        #expect(present() == ["ann", "bob"], "ann has her grace")
        roster.expire(at: graceEnd)
        #expect(present() == ["bob"])
        #expect(apply(RosterNews(), from: there, 3, 3))
        #expect(apply(RosterNews(left: ["bob"]), from: there, 3, 4))
        #expect(present().isEmpty)
    }

    @Test("an older whole part is ignored, a hub that begins anew is believed")
    mutating func parts() {
        replace(there, [ann], 4)
        replace(there, [bob], 3)
        #expect(present() == ["ann"])
        #expect(apply(RosterNews(join: [bob]), from: there, 0, 9))
        roster.expire(at: graceEnd)
        #expect(present() == ["bob"])
    }

    @Test("a hub that says nothing for long is gone with all it told; one that repeats itself is not")
    mutating func silence() {
        replace(there, [ann], 4)
        replace(yonder, [bob], 4)
        let later = Instant(nanoseconds: 50)
        #expect(apply(RosterNews(), from: there, 4, 4, at: later))
        roster.dropParts(silentSince: Instant(nanoseconds: 40), graceUntil: graceEnd)
        #expect(present() == ["ann", "bob"])
        roster.expire(at: graceEnd)
        #expect(present() == ["ann"])
        #expect(!apply(RosterNews(), from: yonder, 4, 4), "who comes back is asked for its part")
    }

    @Test(
        "a snapshot between two batches and the next change give the same roster, whatever happened between")
    mutating func snapshotBetweenBatches() {
        roster.arrive(ann)
        _ = change()
        roster.arrive(bob)
        depart("ann", isLeft: true)
        let snapshot = roster.snapshot(of: "lobby", limit: 10)
        #expect(snapshot.version == 1 && snapshot.members == [bob] && snapshot.count == 1)
        depart("bob", isLeft: true)
        roster.arrive(ann)
        var here = Set(snapshot.members.map(\.user))
        let next = change()
        #expect(next?.version == snapshot.version + 1)
        for member in next?.join ?? [] { here.insert(member.user) }
        for user in next?.leave ?? [] { here.remove(user) }
        #expect(here == ["ann"])
    }

    @Test("a snapshot lists some, in order, and counts all")
    mutating func limit() {
        for user: UserID in ["cem", "ann", "bob"] { roster.arrive(Member(user: user, name: nil)) }
        let snapshot = roster.snapshot(of: "lobby", limit: 2)
        #expect(snapshot.members.map(\.user) == ["ann", "bob"] && snapshot.count == 3)
    }

    @Test("our own part has our sessions only")
    mutating func own() {
        roster.arrive(bob)
        roster.arrive(ann)
        replace(there, [Member(user: "cem", name: nil)], 1)
        #expect(roster.ownMembers() == [ann, bob])
        #expect(!roster.isTold)
        _ = news()
        #expect(roster.isTold && roster.number == 1)
    }
}
