import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("ordering.md §3: the archive's sweep, and a broker that is bad")
struct HubSweepTests {
    private let harness = HubHarness()

    private func asked(_ effects: [Effect]) -> [News.Content] {
        effects.broadcasts.filter { $0 == .rosterRequest }
    }

    // MARK: Hints

    @Test("a head that was seen, or is brought within 100 ms, costs nothing")
    func patience() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(2, in: "lobby")
        #expect(harness.sweep("lobby").isEmpty)
        #expect(harness.advance(by: .milliseconds(99)).reads == 0)
        #expect(harness.hear(stored).offsets(to: ann) == [1, 2])
        #expect(harness.advance(by: .seconds(1)).reads == 0)
        #expect(harness.sweep("lobby").isEmpty && harness.sweep("lobby", head: 1).isEmpty)
        #expect(harness.advance(by: .seconds(1)).reads == 0)
        #expect(harness.hub.counted.gaps == 0 && harness.hub.counted.late == 0)
    }

    @Test("a head that nothing brings within 100 ms is read, and the room's subscription asked for again")
    func late() {
        let ann = harness.connect("ann", in: "lobby")
        harness.store(3, in: "lobby")
        harness.sweep("lobby")
        let effects = harness.advance(by: .milliseconds(100))
        #expect(effects.reads == 1 && effects.offsets(to: ann) == [1, 2, 3])
        #expect(effects.renewals == ["lobby"])
        let counted = harness.hub.counted
        #expect(counted.late == 1 && counted.gaps == 1 && counted.gapsHealed == 1)
    }

    @Test("a room asks for its subscription once in 5 s, each room for itself")
    func renewedOnce() {
        _ = harness.connect("ann", in: "lobby", "attic")
        var renewals: [RoomName] = []
        for _ in 0..<7 {
            for room: RoomName in ["lobby", "attic"] {
                harness.store(1, in: room)
                renewals += harness.sweep(room).renewals
            }
            renewals += harness.advance(by: .seconds(1)).renewals
        }
        #expect(renewals == ["lobby", "attic", "lobby", "attic"])
        #expect(harness.hub.counted.late == 14)
    }

    @Test(
        "what news say is missing waits 5 ms only, also behind a hint; what comes in order does not hurry it")
    func hole() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(5, in: "lobby")
        harness.sweep("lobby")
        #expect(harness.hear([stored[0]]).offsets(to: ann) == [1])
        #expect(harness.advance(by: .milliseconds(50)).reads == 0)
        harness.hear([stored[2]])
        let effects = harness.advance(by: .milliseconds(5))
        #expect(effects.reads == 1 && effects.offsets(to: ann) == [2, 3, 4, 5])
        #expect(effects.renewals.isEmpty && harness.advance(by: .seconds(1)).reads == 0)
    }

    @Test("a hint of many pages waits once")
    func pages() {
        let harness = HubHarness { $0.announced.pagePublications = 10 }
        let ann = harness.connect("ann", in: "lobby")
        harness.store(35, in: "lobby")
        harness.sweep("lobby")
        #expect(harness.advance(by: .milliseconds(120)).offsets(to: ann) == Array(1...35))
        #expect(harness.hub.counted.late == 1)
    }

    @Test("a head of a later epoch contradicts, of an earlier one says nothing, and no sweep is ever too low")
    func epochs() {
        let ann = harness.connect("ann", in: "lobby")
        for _ in 0..<3 { harness.publish(ann, "lobby") }
        harness.archive.newGeneration()
        let effects = harness.sweep("lobby")
        #expect(effects.openings == 1 && harness.hub.counted.resyncs == 1)
        #expect(harness.hub.rooms[.lobby]?.sequence.epoch == "2-1")
        harness.sweep("lobby", head: 9, epoch: "1-1")
        harness.sweep("lobby", head: 1)
        let later = harness.advance(by: .seconds(1))
        #expect(later.reads == 0 && later.openings == 0 && harness.hub.counted.resyncs == 1)
    }

    @Test(
        "a head told while the room opens, or waits for its state, is remembered", arguments: [false, true])
    func early(isOpen: Bool) {
        let ann = harness.connect("ann")
        if isOpen { harness.send(ann, .join(Join(room: "lobby"))) }
        harness.isAnswering = false
        if isOpen {
            harness.hear([.stored(1, epoch: "7-1")])
        } else {
            harness.send(ann, .join(Join(room: "lobby")))
            harness.handle(.subscribed(.lobby))
        }
        let before = harness.archive.open(.lobby, tail: 0, tailBytes: 0)
        harness.forget()
        harness.store(3, in: "lobby")
        harness.sweep("lobby")
        harness.sweep("lobby", head: 2)
        harness.isAnswering = true
        harness.handle(.roomOpened(.lobby, .success(before)))
        #expect(harness.advance(by: .milliseconds(100)).offsets(to: ann) == [1, 2, 3])
    }

    @Test("a head of rooms that nobody here is in, or that are not stored, costs nothing")
    func strangers() {
        _ = harness.connect("ann", in: "live:1")
        harness.store(1, in: "attic")
        let live = RoomKey(tenant: .default, name: "live:1")
        let effects =
            harness.sweep("attic") + harness.handle(.moved([RoomHead(room: live, epoch: "1-1", head: 4)]))
        #expect(effects.isEmpty && harness.advance(by: .seconds(1)).reads == 0)
    }

    // MARK: Comparing

    @Test("a sweep that may have missed moves compares all stored rooms now, also one that opens")
    func compare() {
        let ann = harness.connect("ann", in: "lobby", "live:1")
        harness.isAnswering = false
        harness.send(ann, .join(Join(room: "attic")))
        harness.handle(.subscribed(RoomKey(tenant: .default, name: "attic")))
        let before = harness.archive.open(RoomKey(tenant: .default, name: "attic"), tail: 0, tailBytes: 0)
        harness.forget()
        harness.store(2, in: "lobby")
        harness.store(2, in: "attic")
        #expect(harness.handle(.compare).comparisons == [["lobby", "attic"]])
        harness.isAnswering = true
        var effects = harness.answer()
        effects += harness.handle(.roomOpened(RoomKey(tenant: .default, name: "attic"), .success(before)))
        effects += harness.advance(by: .milliseconds(100))
        #expect(effects.publications(to: ann).map(\.room) == ["lobby", "lobby", "attic", "attic"])
        #expect(harness.hub.counted.late <= 1, "the room that opened had only a hint of it")
    }

    @Test("a comparison that failed is made again a second later, until one is answered")
    func compareAgain() {
        let ann = harness.connect("ann", in: "lobby")
        harness.store(2, in: "lobby")
        harness.isAnswering = false
        harness.handle(.compare)
        harness.handle(.compare)
        harness.fail()
        #expect(harness.advance(by: .milliseconds(999)).comparisons.isEmpty)
        #expect(harness.advance(by: .milliseconds(1)).comparisons.count == 1)
        harness.fail()
        harness.isAnswering = true
        #expect(harness.advance(by: .milliseconds(1_010)).offsets(to: ann) == [1, 2])
        #expect(harness.advance(by: .seconds(5)).comparisons.isEmpty)
    }

    @Test("answers to two comparisons may overtake each other: neither is taken for an archive put back")
    func overtaken() {
        let ann = harness.connect("ann", in: "lobby")
        harness.isAnswering = false
        harness.handle(.compare)
        let older = harness.archive.heads(of: [.lobby])
        harness.hear(harness.store(2, in: "lobby"))
        harness.handle(.compare)
        let newer = harness.archive.heads(of: [.lobby])
        let effects =
            harness.handle(.headsRead(.success(newer))) + harness.handle(.headsRead(.success(older)))
        #expect(effects.openings == 0 && effects.resets(to: ann).isEmpty)
        harness.handle(.compare)
        #expect(harness.handle(.headsRead(.success(older))).openings == 1, "this one was asked later")
    }

    // MARK: A sick broker

    @Test("while the broker is bad a join does not wait for it, and what began to wait goes on")
    func joinsWithoutBroker() {
        harness.isAnswering = false
        let ann = harness.connect("ann")
        #expect(harness.send(ann, .join(Join(room: "lobby"))).openings == 0)
        #expect(harness.handle(.brokerTurned(isWell: false)).openings == 1)
        let effects = harness.send(ann, .join(Join(room: "attic")))
        #expect(effects.openings == 1 && asked(effects).count == 1, "neighbours are asked who is here")
        harness.forget()
        harness.handle(.brokerTurned(isWell: true))
        #expect(harness.send(ann, .join(Join(room: "cellar"))).openings == 0)
    }

    @Test("while the broker is bad a gap is read at once, a hint after 5 ms, and nothing counts as late")
    func badBroker() {
        let ann = harness.connect("ann", in: "lobby")
        harness.store(1, in: "lobby")
        harness.sweep("lobby")
        harness.handle(.brokerTurned(isWell: false))
        #expect(harness.advance(by: .milliseconds(4)).reads == 0)
        #expect(harness.advance(by: .milliseconds(1)).offsets(to: ann) == [1])
        harness.hear([harness.store(3, in: "lobby")[2]])
        #expect(harness.advance(by: .zero).offsets(to: ann) == [2, 3, 4])
        #expect(harness.hub.counted.late == 0 && harness.hub.counted.gapsHealed == 2)
    }

    @Test("a broker that is well again: all heads are compared, and rosters asked for where somebody is")
    func wellAgain() {
        let ann = harness.connect("ann", in: "lobby", "attic", "live:1")
        harness.send(ann, .leave("attic"))
        harness.advance(by: .seconds(1))
        harness.handle(.brokerTurned(isWell: false))
        harness.store(2, in: "lobby")
        let effects = harness.handle(.brokerTurned(isWell: true)) + harness.advance(by: .milliseconds(5))
        #expect(effects.comparisons == [["lobby", "attic"]] && effects.offsets(to: ann) == [1, 2])
        #expect(asked(effects).count == 2)
        #expect(effects.renewals.isEmpty)
    }

    @Test("rosters freeze while the broker is bad, and everyone has three whole intervals after it")
    func freeze() {
        let harness = HubHarness { $0.rosterGrace = .seconds(1) }
        let ann = harness.connect("ann", in: "lobby")
        harness.hear(.rosterSnapshot(number: 4, members: [Member(user: "bob", name: nil)]), in: "lobby")
        harness.advance(by: .seconds(12))
        harness.handle(.brokerTurned(isWell: false))
        #expect(harness.advance(by: .seconds(300)).presence(to: ann).isEmpty)
        harness.handle(.brokerTurned(isWell: true))
        #expect(harness.advance(by: .seconds(14)).presence(to: ann).isEmpty)
        let effects = harness.advance(by: .seconds(6) + harness.limits.rosterGrace)
        #expect(effects.presence(to: ann).map(\.leave) == [["bob"]])
    }

    @Test("without a broker at all: joins are as quick, hints wait 5 ms, nothing is late, whoever turns")
    func noBroker() {
        let harness = HubHarness(hasBroker: false)
        let ann = harness.connect("ann", in: "lobby")
        #expect(harness.handle(.brokerTurned(isWell: true)).isEmpty)
        harness.store(2, in: "lobby")
        harness.sweep("lobby")
        #expect(harness.advance(by: .milliseconds(4)).reads == 0)
        let effects = harness.advance(by: .milliseconds(1))
        #expect(effects.offsets(to: ann) == [1, 2] && effects.renewals.isEmpty)
        #expect(harness.hub.counted.late == 0)
        let stored = harness.store(2, in: "lobby")
        harness.hear([stored[1]])
        #expect(harness.advance(by: .milliseconds(4)).reads == 0, "a neighbour's other one is under way")
        #expect(harness.hear([stored[0]]).offsets(to: ann) == [3, 4])
    }
}
