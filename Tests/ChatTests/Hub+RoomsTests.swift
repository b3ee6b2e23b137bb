import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("ordering.md §4: a room keeps up with the archive")
struct HubRoomsTests {
    private let harness = HubHarness()

    private func patience() -> [Effect] { harness.advance(by: harness.limits.gapPatience) }

    @Test("one ahead waits 5 ms for those before it, then the archive is read, and all come in order")
    func gap() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(5, in: "lobby")
        #expect(harness.hear([stored[3]]).pushes(to: ann).isEmpty)
        #expect(harness.advance(by: .milliseconds(4)).isEmpty)
        let effects = harness.advance(by: .milliseconds(1))
        #expect(effects.reads == 1 && effects.offsets(to: ann) == [1, 2, 3, 4, 5])
        #expect(harness.hub.counted.gaps == 1)
        #expect(harness.hear(stored).pushes(to: ann).isEmpty, "late and doubled news is nothing new")
    }

    @Test("a gap that news closes in time costs no read; the news may come in any order")
    func closed() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(4, in: "lobby")
        let effects = harness.hear([stored[2], stored[0], stored[3], stored[1]])
        #expect(effects.offsets(to: ann) == [1, 2, 3, 4])
        #expect(patience().reads == 0)
    }

    @Test("scenario 18: the reply to one's own publish may overtake pushes, never the other way round")
    func ownReply() {
        let ann = harness.connect("ann", in: "lobby")
        harness.store(4, in: "lobby")
        let effects = harness.publish(ann, "lobby")
        #expect(effects.published(ann)?.position?.offset == 5)
        #expect(effects.pushes(to: ann).isEmpty)
        #expect(patience().offsets(to: ann) == [1, 2, 3, 4, 5])
    }

    @Test("more than a page behind: page after page until the head")
    func pages() {
        let harness = HubHarness { $0.announced.pagePublications = 10 }
        let ann = harness.connect("ann", in: "lobby")
        harness.hear([harness.store(35, in: "lobby")[34]])
        let effects = harness.advance(by: .milliseconds(100))
        #expect(effects.offsets(to: ann) == Array(1...35) && effects.reads == 4)
    }

    @Test("scenario 12: a forged offset is read for once, refuted, and forgotten; true ones go on")
    func forged() {
        let ann = harness.connect("ann", in: "lobby")
        harness.hear(harness.store(3, in: "lobby"))
        var effects = harness.hear([.stored(1_000_000_000_000_000)]) + harness.advance(by: .seconds(2))
        #expect(effects.reads == 1 && effects.openings == 1)
        #expect(effects.pushes(to: ann).filter { if case .presence = $0 { false } else { true } }.isEmpty)
        #expect(harness.hub.counted.resyncs == 1)
        effects = harness.hear(harness.store(1, in: "lobby"))
        #expect(effects.offsets(to: ann) == [4])
    }

    @Test("scenario 12: many forgeries cost bounded memory and few reads")
    func flood() {
        let ann = harness.connect("ann", in: "lobby")
        harness.isAnswering = false
        var effects: [Effect] = []
        for offset: Offset in 1...2_000 { effects += harness.hear([.stored(1_000_000 + offset)]) }
        #expect((harness.hub.rooms[.lobby]?.sequence.held.count ?? 0) <= harness.limits.heldPublications)
        effects += patience()
        #expect(effects.reads == 1)
        harness.isAnswering = true
        harness.answer()
        effects = harness.advance(by: .seconds(1))
        #expect(effects.reads <= 2)
        #expect(harness.hear(harness.store(1, in: "lobby")).offsets(to: ann) == [1])
    }

    @Test("another client id under a known offset: the room asks the archive before anything goes on")
    func contradiction() {
        let ann = harness.connect("ann", in: "lobby")
        harness.hear(harness.store(3, in: "lobby"))
        harness.isAnswering = false
        #expect(harness.hear([.stored(3, clientID: "other")]).openings == 1)
        #expect(harness.hear(harness.store(1, in: "lobby")).pushes(to: ann).isEmpty, "the room waits")
        let effects = harness.answer()
        #expect(effects.offsets(to: ann) == [4])
        #expect(effects.resets(to: ann).isEmpty, "the archive has what was told")
    }

    @Test(
        "scenarios 13, 15: the last acknowledged are lost: reset to where the new generation forks"
    )
    func newGeneration() {
        let ann = harness.connect("ann", in: "lobby")
        for _ in 0..<5 { harness.publish(ann, "lobby") }
        let backup = harness.archive.snapshot()
        for _ in 0..<10 { harness.publish(ann, "lobby") }
        harness.archive.restore(backup)
        harness.archive.newGeneration()
        let effects = harness.publish(ann, "lobby") + harness.advance(by: .milliseconds(20))
        #expect(effects.published(ann)?.position == StreamPosition(epoch: "2-1", offset: 6))
        #expect(effects.resets(to: ann) == [StreamPosition(epoch: "2-1", offset: 5)])
        #expect(effects.offsets(to: ann) == [6], "the new one is not taken for the seen one of its number")
        #expect(harness.publish(ann, "lobby").offsets(to: ann) == [7])
    }

    @Test(
        "a new generation that takes nothing away: no reset, and the next publication names the epoch, once")
    func forkAtHead() {
        let ann = harness.connect("ann", in: "lobby")
        harness.publish(ann, "lobby")
        harness.archive.newGeneration()
        let effects = harness.publish(ann, "lobby") + harness.advance(by: .milliseconds(20))
        #expect(effects.resets(to: ann).isEmpty && effects.announced(to: ann) == [2])
        #expect(harness.publish(ann, "lobby").announced(to: ann).isEmpty)
    }

    @Test("scenario 15: an archive put back in silence shows in the comparison of heads")
    func putBack() {
        let ann = harness.connect("ann", in: "lobby")
        harness.publish(ann, "lobby")
        let backup = harness.archive.snapshot()
        for _ in 0..<3 { harness.publish(ann, "lobby") }
        harness.archive.restore(backup)
        let effects = harness.advance(by: harness.limits.compareInterval)
        #expect(effects.resets(to: ann) == [StreamPosition(epoch: "1-1", offset: 1)])
        #expect(effects.generationsDoubted == [1])
        let next = harness.publish(ann, "lobby") + harness.advance(by: .milliseconds(20))
        #expect(next.announced(to: ann) == [2], "in the generation that the archive began")
    }

    @Test("a state that was read before the contradiction is not believed: it is read again")
    func staleState() {
        let ann = harness.connect("ann", in: "lobby")
        for _ in 0..<3 { harness.publish(ann, "lobby") }
        harness.isAnswering = false
        let bob = harness.connect("bob")
        harness.send(bob, .join(Join(room: "lobby", since: StreamPosition(epoch: "1-1", offset: 9))))
        let before = harness.archive.open(.lobby, tail: 0, tailBytes: 0)
        harness.forget()
        harness.hear(harness.store(2, in: "lobby"))
        harness.hear([.stored(5, clientID: "other")])
        let effects = harness.handle(.roomOpened(.lobby, .success(before)))
        #expect(effects.openings == 1 && effects.resets(to: ann).isEmpty, "5 was told and is not void")
        #expect(harness.answer().joined(bob)?.gap == 6...9)
    }

    @Test("scenario 20: what retention trimmed before it could be read is announced as a jump")
    func trimmed() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(9, in: "lobby")
        harness.archive.trim(.lobby, below: 6)
        harness.hear([stored[8]])
        let effects = patience()
        #expect(effects.skips(to: ann) == [1...5] && effects.offsets(to: ann) == [6, 7, 8, 9])
    }

    @Test("what was lost in silence shows when heads are compared")
    func heads() {
        let ann = harness.connect("ann", in: "lobby", "live:1")
        harness.store(3, in: "lobby")
        #expect(harness.advance(by: .seconds(59)).offsets(to: ann).isEmpty)
        #expect(harness.advance(by: .seconds(2)).offsets(to: ann) == [1, 2, 3])
    }

    @Test("an archive that fails is asked again, ever more slowly, and nothing is lost")
    func retry() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(3, in: "lobby")
        harness.isAnswering = false
        harness.hear([stored[2]])
        var reads = 0
        for _ in 0..<1_000 {
            reads += harness.advance(by: .milliseconds(10)).reads
            harness.fail()
        }
        #expect((8...15).contains(reads))
        harness.isAnswering = true
        #expect(harness.advance(by: .seconds(3)).offsets(to: ann) == [1, 2, 3])
    }

    @Test(
        "scenario 10: confirmed after the room opened without it: what was said between is read"
    )
    func lateConfirmation() {
        harness.isAnswering = false
        let ann = harness.connect("ann")
        harness.send(ann, .join(Join(room: "lobby")))
        harness.forget()
        harness.isAnswering = true
        #expect(harness.advance(by: .milliseconds(200)).joined(ann)?.head == 0)
        harness.store(2, in: "lobby")
        let effects = harness.handle(.subscribed(.lobby)) + harness.advance(by: .milliseconds(10))
        #expect(effects.offsets(to: ann) == [1, 2])
    }

    @Test("scenario 10: a subscription confirmed while the room is being opened without it")
    func confirmationWhileOpening() {
        harness.isAnswering = false
        let ann = harness.connect("ann")
        harness.send(ann, .join(Join(room: "lobby")))
        harness.forget()
        harness.advance(by: .milliseconds(200))
        harness.forget()
        let before = harness.archive.open(.lobby, tail: 0, tailBytes: 0)
        harness.store(2, in: "lobby")
        harness.handle(.subscribed(.lobby))
        harness.handle(.roomOpened(.lobby, .success(before)))
        harness.isAnswering = true
        let effects = harness.answer() + harness.advance(by: .milliseconds(10))
        #expect(effects.offsets(to: ann) == [1, 2])
    }

    @Test("a room without members stays for roomLinger, and its news is kept up with; then it closes")
    func linger() {
        let ann = harness.connect("ann", in: "lobby")
        harness.send(ann, .leave("lobby"))
        #expect(harness.advance(by: .seconds(30)).unsubscriptions == 0)
        harness.send(ann, .join(Join(room: "lobby")))
        #expect(harness.advance(by: .seconds(90)).unsubscriptions == 0, "somebody is here again")
        harness.send(ann, .leave("lobby"))
        harness.hear(harness.store(1, in: "lobby"))
        #expect(harness.advance(by: .seconds(61)).unsubscriptions == 1)
        #expect(harness.hub.counted.rooms == 0)
        #expect(harness.send(ann, .join(Join(room: "lobby"))).joined(ann)?.head == 1)
    }

    @Test(
        "a lost connection empties a room too; one that waits for the archive is not closed under it"
    )
    func lingerWhileReading() {
        let ann = harness.connect("ann", in: "lobby")
        harness.isAnswering = false
        harness.hear([harness.store(2, in: "lobby")[1]])
        harness.advance(by: .milliseconds(5))
        harness.handle(.closed(ann))
        #expect(harness.advance(by: .seconds(70)).unsubscriptions == 0)
        harness.answer()
        #expect(harness.advance(by: .seconds(2)).unsubscriptions == 1)
    }

    @Test("closing one of many rooms leaves the others whole")
    func closeOne() {
        let ann = harness.connect("ann", in: "a", "b", "c")
        harness.send(ann, .leave("a"))
        harness.advance(by: .seconds(61))
        #expect(harness.hub.roomList.map(\.name) == ["c", "b"])
        for (place, room) in harness.hub.roomList.enumerated() { #expect(room.place == place) }
        #expect(harness.publish(ann, "c").offsets(to: ann) == [1])
    }
}
