import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("News between hubs, and rosters in the hub")
struct HubDeliveryTests {
    private let harness = HubHarness()
    private let bob = Member(user: "bob", name: nil)

    private func batch() -> [Effect] { harness.advance(by: harness.limits.rosterBatch) }

    @Test("a publication goes to everyone in the room as one fan-out, the publisher's sessions too")
    func fanout() {
        let keys = (0..<3).map { _ in harness.connect("ann", in: "lobby") }
        let effects = harness.publish(keys[0], "lobby")
        #expect(keys.allSatisfy { effects.offsets(to: $0) == [1] })
        #expect(effects.count { if case .fanout = $0 { true } else { false } } == 1)
    }

    @Test("our own echo is nothing new, and news of rooms that nobody is in costs nothing")
    func echo() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(1, in: "lobby")[0]
        #expect(harness.hear(.publication(stored), in: "lobby", from: HubHarness.origin).isEmpty)
        #expect(harness.hear(.publication(stored), in: "attic").isEmpty)
        #expect(harness.hear(.publication(stored), in: "lobby").offsets(to: ann) == [1])
    }

    @Test("ephemeral news is told as it comes, and only in ephemeral rooms")
    func ephemeral() {
        let ann = harness.connect("ann", in: "live:1", "lobby")
        var said = Publication.stored(1)
        said.position = nil
        #expect(harness.hear(.publication(said), in: "live:1").offsets(to: ann) == [0])
        #expect(harness.hear(.publication(said), in: "lobby").isEmpty)
        #expect(harness.hear(.publication(.stored(1)), in: "live:1").isEmpty)
    }

    @Test("arrivals are collected for a moment: one push, one piece of news")
    func batched() {
        let ann = harness.connect("ann", in: "lobby")
        _ = batch()
        let others = (0..<5).map { harness.connect(UserID(stringLiteral: "u\($0)"), in: "lobby") }
        #expect(others.count == 5)
        let effects = batch()
        #expect(effects.presence(to: ann).count == 1)
        #expect(effects.presence(to: ann)[0].join.map(\.user) == ["u0", "u1", "u2", "u3", "u4"])
        #expect(effects.rosterNews.count == 1)
    }

    @Test("versions grow by one with every push; a snapshot names the one before the next push")
    func versions() {
        let ann = harness.connect("ann", in: "lobby")
        _ = batch()
        var known = harness.send(ann, .presence("lobby")).snapshot(ann)?.version ?? -1
        for user: UserID in ["bob", "cem", "dan"] {
            _ = harness.connect(user, in: "lobby")
            let change = batch().presence(to: ann)
            #expect(change.map(\.version) == [known + 1])
            known += 1
        }
    }

    @Test("a snapshot between two batches and the push after it agree")
    func snapshotBetween() {
        let ann = harness.connect("ann", in: "lobby")
        _ = batch()
        let bob = harness.connect("bob", in: "lobby")
        let snapshot = harness.send(ann, .presence("lobby")).snapshot(ann)
        #expect(snapshot?.members.map(\.user) == ["ann", "bob"])
        harness.send(bob, .leave("lobby"))
        let change = batch().presence(to: ann)
        #expect(change.map(\.version) == [(snapshot?.version ?? 0) + 1] && change.first?.leave == ["bob"])
    }

    @Test("a lost connection is a departure after 15 s, a leave within the batch, two sessions are one user")
    func departures() {
        let ann = harness.connect("ann", in: "lobby")
        let bobs = (0..<2).map { _ in harness.connect("bob", in: "lobby") }
        let cem = harness.connect("cem", in: "lobby")
        _ = batch()
        harness.handle(.closed(bobs[0]))
        harness.send(cem, .leave("lobby"))
        #expect(batch().presence(to: ann).map(\.leave) == [["cem"]])
        harness.handle(.closed(bobs[1]))
        #expect(harness.advance(by: .seconds(14)).presence(to: ann).isEmpty)
        #expect(harness.advance(by: .seconds(2)).presence(to: ann).map(\.leave) == [["bob"]])
    }

    @Test("another hub's news is told here; a gap in it asks for the whole part, and the part heals it")
    func remote() {
        let ann = harness.connect("ann", in: "lobby")
        _ = batch()
        harness.hear(.roster(previous: 0, number: 3, change: RosterNews(join: [bob])), in: "lobby")
        #expect(batch().presence(to: ann).map { $0.join } == [[bob]])
        let effects = harness.hear(
            .roster(previous: 5, number: 6, change: RosterNews(left: ["bob"])), in: "lobby")
        #expect(effects.broadcasts == [.rosterRequest])
        harness.hear(.rosterSnapshot(number: 6, members: []), in: "lobby")
        let told = harness.advance(by: .seconds(16)).presence(to: ann)
        #expect(told.map(\.leave) == [["bob"]])
    }

    @Test("who asks gets our part; who opens a room asks")
    func request() {
        let ann = harness.open()
        harness.send(ann, .connect(Connect(user: "ann")))
        #expect(harness.send(ann, .join(Join(room: "lobby"))).broadcasts == [.rosterRequest])
        _ = batch()
        let answer = harness.hear(.rosterRequest, in: "lobby").broadcasts
        #expect(answer == [.rosterSnapshot(number: 1, members: [Member(user: "ann", name: nil)])])
    }

    @Test("a hub repeats where it is, and drops those that say nothing for three intervals")
    func repeated() {
        let ann = harness.connect("ann", in: "lobby")
        _ = batch()
        harness.hear(.rosterSnapshot(number: 4, members: [bob]), in: "lobby")
        _ = batch()
        for _ in 0..<6 {
            let effects = harness.advance(by: .seconds(5))
            #expect(effects.rosterNews.allSatisfy { $0.previous == $0.number && $0.change == RosterNews() })
            #expect(effects.rosterNews.count == 1 && effects.presence(to: ann).isEmpty)
            harness.hear(.roster(previous: 4, number: 4, change: RosterNews()), in: "lobby")
        }
        let effects = harness.advance(by: .seconds(40))
        #expect(effects.presence(to: ann).map(\.leave) == [["bob"]])
    }

    @Test("a room that closes and opens again goes on with higher numbers: no other hub takes new for old")
    func numbers() {
        var ann = harness.connect("ann", in: "lobby", "attic")
        var last: Int64 = 0
        for _ in 0..<3 {
            let news = harness.advance(by: .seconds(1)).rosterNews.filter { $0.change != RosterNews() }
            #expect(news.count == 2 && news.allSatisfy { $0.number > last && $0.previous == 0 })
            last = news.map(\.number).max() ?? last
            harness.handle(.closed(ann))
            let goodbye = harness.advance(by: .seconds(1)).rosterNews.filter { $0.change != RosterNews() }
            #expect(
                goodbye.count == 2 && goodbye.allSatisfy { $0.number > last && $0.change.lost == ["ann"] })
            last = goodbye.map(\.number).max() ?? last
            harness.advance(by: .seconds(90))
            #expect(harness.hub.counted.rooms == 0)
            ann = harness.connect("ann", in: "lobby", "attic")
        }
    }

    @Test(
        "where nobody of ours is left nothing is repeated: the others miss us, and what they held of us goes")
    func silence() {
        let ann = harness.connect("ann", in: "lobby", "attic")
        harness.send(ann, .leave("attic"))
        harness.advance(by: .seconds(1))
        let news = harness.advance(by: .seconds(5)).filter {
            if case .broadcast(let news) = $0 { news.room.name == "attic" } else { false }
        }
        #expect(news.isEmpty && harness.hub.rooms.count == 2)
        #expect(harness.advance(by: .seconds(5)).rosterNews.count == 1)
    }
}
