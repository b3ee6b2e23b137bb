import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("Scenario 24, promise 6: a session that reads too slowly")
struct HubSlowSessionsTests {
    private let harness = HubHarness()

    @Test("it is told nothing while it is behind, and everything from memory when it comes back")
    func ring() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.handle(.congested(ann))
        for _ in 0..<20 { #expect(harness.publish(bob, "lobby").pushes(to: ann).isEmpty) }
        #expect(harness.handle(.drained(ann)).offsets(to: ann) == Array(2...21))
        #expect(harness.publish(bob, "lobby").offsets(to: ann) == [22])
    }

    @Test("what memory no longer has is a range to fetch, exactly")
    func skip() {
        let harness = HubHarness { $0.ringBytes = 500 }
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        for _ in 0..<3 { harness.publish(bob, "lobby") }
        harness.handle(.congested(ann))
        for _ in 0..<10 { harness.publish(bob, "lobby") }
        let effects = harness.handle(.drained(ann))
        #expect(effects.skips(to: ann) == [4...13] && effects.offsets(to: ann).isEmpty)
        #expect(harness.publish(bob, "lobby").offsets(to: ann) == [14])
        #expect(harness.hub.counted.skips == 1)
    }

    @Test("what does not fit half a queue is a range too: the way back is not over the limit again")
    func budget() {
        let harness = HubHarness { $0.announced.queueBytes = 4_000 }
        let ann = harness.connect("ann", in: "lobby", "attic")
        let bob = harness.connect("bob")
        harness.handle(.congested(ann))
        for room: RoomName in ["lobby", "attic"] {
            for _ in 0..<3 { harness.publish(bob, room, String(repeating: "1", count: 400)) }
        }
        let effects = harness.handle(.drained(ann))
        #expect(effects.offsets(to: ann) == [1, 2, 3])
        #expect(effects.skips(to: ann) == [1...3])
    }

    @Test("nothing new: nothing is told")
    func nothing() {
        let ann = harness.connect("ann", in: "lobby", "live:1")
        harness.handle(.congested(ann))
        #expect(harness.handle(.drained(ann)).isEmpty)
        #expect(harness.handle(.drained(ann)).isEmpty)
    }

    @Test("ephemeral publications, typing and presence are lost to it, and only to it")
    func ephemeral() {
        let ann = harness.connect("ann", in: "live:1")
        let bob = harness.connect("bob", in: "live:1")
        harness.advance(by: .seconds(1))
        harness.handle(.congested(ann))
        var effects = harness.publish(bob, "live:1")
        effects += harness.send(bob, .typing(Typing(room: "live:1")))
        effects += harness.send(bob, .leave("live:1"))
        effects += harness.advance(by: .seconds(1))
        #expect(effects.pushes(to: ann).isEmpty)
        #expect(effects.publications(to: bob).count == 1)
        #expect(harness.handle(.drained(ann)).isEmpty)
        let cem = harness.connect("cem")
        #expect(harness.publish(cem, "live:1").publications(to: ann).count == 1)
    }

    @Test("after slowTimeout it is closed, come back; not when it came back between")
    func timeout() {
        let ann = harness.connect("ann", in: "lobby")
        harness.handle(.congested(ann))
        harness.advance(by: .seconds(20))
        harness.handle(.drained(ann))
        harness.advance(by: .seconds(1))
        harness.handle(.congested(ann))
        #expect(harness.advance(by: .milliseconds(29_999)).disconnects(of: ann).isEmpty)
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: ann) == [.slow])
        #expect(harness.hub.counted.subscriptions == 0)
    }

    @Test("a room joined while congested is caught up with like the others")
    func join() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob")
        harness.handle(.congested(ann))
        harness.publish(bob, "attic")
        let joined = harness.send(ann, .join(Join(room: "attic"))).joined(ann)
        #expect(joined?.head == 1)
        #expect(harness.publish(bob, "attic").pushes(to: ann).isEmpty)
        #expect(harness.handle(.drained(ann)).offsets(to: ann) == [2])
    }

    @Test("what was trimmed and told to the others as a jump is part of its range")
    func trimmed() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.handle(.congested(ann))
        let stored = harness.store(9, in: "lobby")
        harness.archive.trim(.lobby, below: 6)
        harness.hear([stored[8]])
        let effects = harness.advance(by: .milliseconds(10))
        #expect(effects.skips(to: bob) == [2...5] && effects.offsets(to: bob) == Array(6...10))
        #expect(effects.pushes(to: ann).isEmpty)
        #expect(harness.handle(.drained(ann)).skips(to: ann) == [2...10])
    }

    @Test("a history that changed under it is told at once, and it goes on in the new epoch")
    func reset() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        for _ in 0..<3 { harness.publish(bob, "lobby") }
        let backup = harness.archive.snapshot()
        harness.handle(.congested(ann))
        for _ in 0..<3 { harness.publish(bob, "lobby") }
        harness.archive.restore(backup)
        harness.archive.newGeneration()
        let effects = harness.hear(harness.store(1, in: "lobby")) + harness.advance(by: .milliseconds(10))
        #expect(effects.resets(to: bob) == [StreamPosition(epoch: "2-1", offset: 3)])
        #expect(
            effects.resets(to: ann) == [StreamPosition(epoch: "2-1", offset: 3)],
            "it is at 3 and loses nothing, but its position would be taken for one of the old epoch")
        #expect(harness.handle(.drained(ann)).offsets(to: ann) == [4])
    }

    @Test("a new generation that takes nothing away is told to it too")
    func newEpoch() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.handle(.congested(ann))
        harness.archive.newGeneration()
        var effects = harness.hear(harness.store(1, in: "lobby")) + harness.advance(by: .milliseconds(10))
        #expect(effects.announced(to: bob) == [2])
        effects += harness.handle(.drained(ann))
        #expect(effects.offsets(to: ann) == [2])
        let knows =
            effects.resets(to: ann).contains { $0.epoch == "2-1" } || !effects.announced(to: ann).isEmpty
        #expect(knows, "or its next position would have the old epoch, and be void")
    }
}
