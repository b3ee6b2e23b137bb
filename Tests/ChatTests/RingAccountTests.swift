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
}
