import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("ordering.md §1 G6: an archive that was put back while the hub runs")
struct HubGenerationsTests {
    private let harness = HubHarness()

    @Test("a comparison that finds an earlier generation: the room waits for a later one, then all is told")
    func wentBack() {
        let ann = harness.connect("ann", in: "lobby")
        let stored = harness.store(3, in: "lobby")
        harness.hear(stored)
        let backup = harness.archive.snapshot()
        harness.archive.newGeneration()
        harness.sweep("lobby")
        harness.hear(harness.store(2, in: "lobby"))
        harness.archive.restore(backup)
        harness.sweep("lobby")
        #expect(harness.hub.counted.resyncs == 1, "a sweep's head may be an old one")
        harness.beginsGenerations = false
        let asked = harness.handle(.compare)
        #expect(asked.openings == 1 && asked.generationsDoubted == [2] && asked.resets(to: ann).isEmpty)
        let waiting = harness.advance(by: .seconds(10))
        #expect((4...12).contains(waiting.openings) && waiting.generationsDoubted.isEmpty)
        #expect(harness.hub.counted.resyncs == 1, "nothing goes on in a history that is over")
        harness.archive.newGeneration()
        let effects = harness.advance(by: .seconds(3))
        #expect(effects.resets(to: ann) == [StreamPosition(epoch: "3-1", offset: 3)])
        #expect(effects.generationsDoubted.isEmpty)
        #expect(harness.hear(harness.store(1, in: "lobby")).offsets(to: ann) == [4])
    }

    @Test("an old copy under the same generation: what differs is told anew, and a new generation asked for")
    func replaced() {
        let ann = harness.connect("ann", in: "lobby", "attic")
        for room: RoomName in ["lobby", "attic"] { harness.hear(harness.store(2, in: room)) }
        let backup = harness.archive.snapshot()
        for room: RoomName in ["lobby", "attic"] { harness.hear(harness.store(3, in: room)) }
        harness.archive.restore(backup)
        let effects = harness.hear(harness.store(4, in: "lobby")) + harness.advance(by: .seconds(1))
        #expect(effects.resets(to: ann).first == StreamPosition(epoch: "1-1", offset: 2))
        #expect(effects.offsets(to: ann) == [3, 4, 5, 6] && effects.generationsDoubted == [1])
        let others = harness.handle(.compare) + harness.advance(by: .seconds(1))
        #expect(others.generationsDoubted.isEmpty, "once in a generation")
        #expect(others.resets(to: ann) == [StreamPosition(epoch: "2-2", offset: 2)])
        #expect(harness.hear(harness.store(1, in: "attic")).offsets(to: ann) == [3])
    }

    @Test("a comparison that finds less than was told: what was told is void, and a generation asked for")
    func shortened() {
        let ann = harness.connect("ann", in: "lobby")
        harness.hear(harness.store(2, in: "lobby"))
        let backup = harness.archive.snapshot()
        harness.hear(harness.store(3, in: "lobby"))
        harness.archive.restore(backup)
        let effects = harness.handle(.compare) + harness.advance(by: .seconds(1))
        #expect(effects.resets(to: ann).first == StreamPosition(epoch: "1-1", offset: 2))
        #expect(effects.generationsDoubted == [1] && harness.archive.generation.number == 2)
        #expect(harness.hear([.stored(1_000_000)]).generationsDoubted.isEmpty)
        #expect(harness.advance(by: .seconds(1)).generationsDoubted.isEmpty, "a number alone proves nothing")
    }
}
