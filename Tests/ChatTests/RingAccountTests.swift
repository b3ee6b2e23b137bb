import ChatProtocol
import Testing

@testable import Chat

@Suite("All rooms' memory together is bounded")
struct RingAccountTests {
    private func harness(publications: Int) -> HubHarness {
        HubHarness { $0.allRingsBytes = publications * 161 }
    }

    @Test("the account is the sum of all rings, and a closed room's leaves it")
    func sum() {
        let harness = harness(publications: 100)
        let ann = harness.connect("ann", in: "a", "b")
        for _ in 0..<3 { harness.publish(ann, "a") }
        harness.publish(ann, "b")
        #expect(harness.hub.ringBytes.bytes == 4 * 161)
        harness.send(ann, .leave("a"))
        harness.advance(by: .seconds(70))
        #expect(harness.hub.ringBytes.bytes == 161)
    }

    @Test("over the limit, the rooms in which nothing happened since the last sweep forget first")
    func coldFirst() throws {
        let harness = harness(publications: 12)
        let ann = harness.connect("ann", in: "cold", "warm")
        for _ in 0..<4 { harness.publish(ann, "cold") }
        for _ in 0..<30 {
            harness.publish(ann, "warm")
            #expect(harness.hub.ringBytes.bytes <= 12 * 161)
        }
        let rings = harness.hub.roomList.map { $0.sequence.ring.bytes }
        #expect(rings[0] == 0)
        #expect(harness.hub.ringBytes.bytes == rings.reduce(0, +))
    }

    @Test("a room without memory still answers, from the archive")
    func archive() {
        let harness = harness(publications: 0)
        let ann = harness.connect("ann", in: "a")
        for _ in 0..<3 { harness.publish(ann, "a") }
        #expect(harness.hub.ringBytes.bytes == 0)
        let bob = harness.connect("bob")
        let effects = harness.send(
            bob, .join(Join(room: "a", since: StreamPosition(epoch: "1-1", offset: 1))))
        #expect(effects.reads == 1)
        #expect(effects.joined(bob)?.offsets == [2, 3])
    }

    @Test("what rooms hold back is bounded together too; who gives back reads it from the archive, in order")
    func held() {
        let harness = HubHarness { $0.allHeldBytes = 5 * 257 }
        let ann = harness.connect("ann", in: "a", "b")
        let (first, second) = (harness.store(5, in: "a"), harness.store(5, in: "b"))
        harness.hear(Array(first[1...3]))
        #expect(harness.hub.heldCost == 3 * 257)
        harness.hear(Array(second[1...4].reversed()))
        #expect(harness.hub.heldCost == 5 * 257)
        #expect(harness.hub.roomList.map { $0.sequence.held.offsets } == [[2, 3, 4], [2, 3]])
        let effects = harness.advance(by: .seconds(1))
        let told = effects.publications(to: ann)
        #expect(told.filter { $0.room == "b" }.map(\.offset) == [1, 2, 3, 4, 5])
        #expect(told.filter { $0.room == "a" }.map(\.offset).starts(with: [1, 2, 3, 4]))
        #expect(harness.hub.heldCost == 0)
    }

    @Test("a room that closes takes what it held out of the account")
    func heldLeaves() {
        let harness = HubHarness()
        let ann = harness.connect("ann", in: "a")
        let stored = harness.store(3, in: "a")
        harness.isAnswering = false
        harness.hear(Array(stored[1...]))
        #expect(harness.hub.heldCost == 2 * 257)
        harness.isAnswering = true
        harness.answer()
        harness.send(ann, .leave("a"))
        harness.advance(by: .seconds(70))
        #expect(harness.hub.heldCost == 0 && harness.hub.roomList.isEmpty)
    }
}
