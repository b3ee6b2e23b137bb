import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("The answer to join: what is missed, what is lost, and from where on one is live")
struct JoinReplyTests {
    private let harness = HubHarness()
    private let ann: SessionKey

    init() { ann = harness.connect("ann") }

    private func join(since offset: Offset, _ epoch: Epoch = "1-1", room: RoomName = "lobby") -> Joined? {
        let join = Join(room: room, since: StreamPosition(epoch: epoch, offset: offset))
        return harness.send(ann, .join(join)).joined(ann)
    }

    @Test("an empty room; a room without position; a position at the head")
    func nothing() {
        #expect(
            join(since: 0, "0")
                == Joined(room: "lobby", kind: .stored, epoch: "1-1", head: 0, recovered: true))
        harness.store(3, in: "attic")
        let joined = harness.send(ann, .join(Join(room: "attic"))).joined(ann)
        #expect(joined == Joined(room: "attic", kind: .stored, epoch: "1-2", head: 3, recovered: true))
        #expect(join(since: 3, "1-2", room: "attic")?.publications == [])
    }

    @Test(
        "exactly what follows the position, whether from memory or from the archive",
        arguments: [10_000, 322, 0])
    func since(_ ringBytes: Int) {
        let harness = HubHarness { $0.ringBytes = ringBytes }
        harness.store(9, in: "lobby")
        let keys = (0...9).map { _ in harness.connect("ann") }
        for (offset, key) in keys.enumerated() {
            let since = StreamPosition(epoch: "1-1", offset: Offset(offset))
            let joined = harness.send(key, .join(Join(room: "lobby", since: since))).joined(key)
            #expect(joined?.offsets == Array((Offset(offset) + 1)..<10) && joined?.recovered == true)
            #expect(joined?.more == false && joined?.head == 9)
        }
        #expect(harness.publish(keys[0], "lobby").offsets(to: keys[7]) == [10])
    }

    @Test("the latest `tail`, or as many as there are", arguments: [(0, 0), (2, 2), (5, 5), (500, 5)])
    func tail(_ tail: Int, _ count: Int) {
        harness.store(5, in: "lobby")
        let joined = harness.send(ann, .join(Join(room: "lobby", tail: tail))).joined(ann)
        #expect(joined?.offsets == Array([1, 2, 3, 4, 5].suffix(count)))
        #expect(joined?.recovered == true && joined?.more == false)
    }

    @Test("a tail that reaches what is trimmed is shorter, and nobody's loss")
    func trimmedTail() {
        let harness = HubHarness { $0.ringBytes = 0 }
        let ann = harness.connect("ann", in: "lobby")
        for _ in 0..<9 { harness.publish(ann, "lobby") }
        harness.archive.trim(.lobby, below: 6)
        let bob = harness.connect("bob")
        let joined = harness.send(bob, .join(Join(room: "lobby", tail: 8))).joined(bob)
        #expect(joined?.offsets == [6, 7, 8, 9] && joined?.recovered == true && joined?.gap == nil)
    }

    @Test("an older generation: below its fork nothing is lost, above it the void range is told")
    func generations() {
        harness.store(8, in: "lobby")
        let backup = harness.archive.snapshot()
        harness.store(2, in: "lobby")
        harness.archive.restore(backup)
        harness.archive.newGeneration()
        harness.store(3, in: "lobby")
        let below = join(since: 7)
        #expect(below?.recovered == true && below?.offsets == [8, 9, 10, 11] && below?.epoch == "2-1")
        let above = join(since: 10)
        #expect(above?.recovered == false && above?.gap == 9...10 && above?.offsets == [9, 10, 11])
    }

    @Test("a generation that this worker does not know of yet is asked for, not taken for void")
    func laterGeneration() {
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.archive.newGeneration()
        harness.store(1, in: "lobby")
        let join = Join(room: "lobby", since: StreamPosition(epoch: "2-1", offset: 2))
        let effects = harness.send(ann, .join(join)) + harness.advance(by: .milliseconds(10))
        let joined = effects.joined(ann)
        #expect(joined?.recovered == true && joined?.epoch == "2-1" && joined?.offsets == [])
        #expect(harness.publish(bob, "lobby").offsets(to: ann) == [3])
    }

    @Test(
        "a foreign epoch: all of 1 … offset is void, and everything comes",
        arguments: ["9-9", "1-9", "xyz"] as [Epoch])
    func foreign(_ epoch: Epoch) {
        harness.store(4, in: "lobby")
        let joined = join(since: 3, epoch)
        #expect(joined?.recovered == false && joined?.gap == 1...3 && joined?.offsets == [1, 2, 3, 4])
        #expect(join(since: 0, epoch)?.recovered == true)
    }

    @Test("scenario 20: what is trimmed is told as lost, exactly, also while one pages through")
    func trimmed() {
        let harness = HubHarness {
            $0.announced.pagePublications = 3
            $0.ringBytes = 0
        }
        harness.store(12, in: "lobby")
        harness.archive.trim(.lobby, below: 3)
        let ann = harness.connect("ann")
        func join(_ offset: Offset) -> Joined? {
            let since = StreamPosition(epoch: "1-1", offset: offset)
            return harness.send(ann, .join(Join(room: "lobby", since: since))).joined(ann)
        }
        let first = join(1)
        #expect(first?.gap == 2...2 && first?.offsets == [3, 4, 5] && first?.more == true)
        harness.archive.trim(.lobby, below: 9)
        let second = join(5)
        #expect(second?.recovered == false && second?.gap == 6...8 && second?.offsets == [9, 10, 11])
        let third = join(11)
        #expect(third?.recovered == true && third?.offsets == [12] && third?.more == false)
    }

    @Test(
        "scenario 19: more than a page: not live until the last one, and then at once",
        arguments: [true, false])
    func pages(_ byBytes: Bool) {
        let harness = HubHarness {
            if byBytes { $0.announced.pageBytes = 30 } else { $0.announced.pagePublications = 3 }
        }
        harness.store(10, in: "lobby", body: "1234567890")
        let ann = harness.connect("ann")
        let bob = harness.connect("bob")
        var position: Offset = 0
        var got: [Offset] = []
        var isLive = false
        for round in 0..<10 where !isLive {
            let since = StreamPosition(epoch: "1-1", offset: position)
            let joined = harness.send(ann, .join(Join(room: "lobby", since: since))).joined(ann)
            got += joined?.offsets ?? []
            position = got.last ?? 0
            isLive = joined?.more == false
            if !isLive, round < 2 {
                #expect(harness.publish(bob, "lobby", "1234567890").pushes(to: ann).isEmpty)
            }
        }
        #expect(got == Array(1...12) && isLive)
        #expect(harness.publish(bob, "lobby").offsets(to: ann) == [13])
    }

    @Test("one publication is carried whatever its size")
    func large() {
        let harness = HubHarness { $0.announced.pageBytes = 10 }
        harness.store(2, in: "lobby", body: String(repeating: "1", count: 500))
        let ann = harness.connect("ann")
        let since = StreamPosition(epoch: "0", offset: 0)
        let joined = harness.send(ann, .join(Join(room: "lobby", since: since))).joined(ann)
        #expect(joined?.offsets == [1] && joined?.more == true)
    }

    @Test("an answer without page and without more names as head where the pushes go on")
    func head() {
        let bob = harness.connect("bob", in: "lobby")
        harness.publish(bob, "lobby")
        harness.hear([harness.store(3, in: "lobby")[2]])
        let joined = join(since: 1)
        #expect(joined?.head == 1 && joined?.offsets == [])
        #expect(harness.advance(by: .milliseconds(10)).offsets(to: ann) == [2, 3, 4])
    }

    @Test("an ephemeral room answers a position with recovered false and no range")
    func ephemeral() {
        #expect(join(since: 3, room: "live:1") == Joined(room: "live:1", kind: .ephemeral, recovered: false))
        #expect(join(since: 0, room: "live:1")?.recovered == false)
        let plain = harness.send(ann, .join(Join(room: "live:1", tail: 5))).joined(ann)
        #expect(plain == Joined(room: "live:1", kind: .ephemeral, recovered: true))
    }
}
