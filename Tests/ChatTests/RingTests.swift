import ChatProtocol
import Testing

@testable import Chat

@Suite("ordering.md §4: a room's recent publications")
struct RingTests {
    private let wide = PageBudget(publications: 100, bytes: 10_000)

    private func ring(_ offsets: ClosedRange<Offset>, limit: Int = .max) -> Ring {
        var ring = Ring()
        for offset in offsets { ring.append(.stored(offset), limit: limit) }
        return ring
    }

    @Test("beyond its bytes it forgets the oldest, but never the newest")
    func limit() {
        let ring = ring(1...5, limit: 2 * 161)
        #expect(Array(ring.publications).offsets == [4, 5])
        #expect(ring.bytes == 2 * 161)
        var tight = Ring()
        tight.append(.stored(1, body: String(repeating: "1", count: 500)), limit: 10)
        #expect(Array(tight.publications).offsets == [1])
    }

    @Test("it gives a publication by its offset while it has it")
    func byOffset() {
        let ring = ring(4...6)
        #expect(ring[3] == nil && ring[7] == nil)
        #expect(ring[4]?.offset == 4 && ring[6]?.offset == 6)
        #expect(Ring()[1] == nil)
    }

    @Test("older publications are put in front where they join on and fit")
    func prepend() {
        var ring = ring(5...6)
        ring.prepend([.stored(3), .stored(4), .stored(5)], endingAt: 6, limit: .max)
        #expect(Array(ring.publications).offsets == [3, 4, 5, 6])
        ring.prepend([.stored(1)], endingAt: 6, limit: .max)
        #expect(ring.firstOffset == 3, "a page that leaves a hole is not taken")
        ring.prepend([.stored(1), .stored(2)], endingAt: 6, limit: 5 * 161)
        #expect(ring.firstOffset == 2 && ring.bytes == 5 * 161)
    }

    @Test("an empty one takes only a page that ends where the room is")
    func prependToEmpty() {
        var ring = Ring()
        ring.prepend([.stored(1), .stored(2)], endingAt: 3, limit: .max)
        #expect(ring.isEmpty)
        ring.prepend([.stored(2), .stored(3)], endingAt: 3, limit: .max)
        #expect(Array(ring.publications).offsets == [2, 3])
    }

    @Test("what is removed no longer counts")
    func remove() {
        var ring = ring(1...5)
        ring.removeAll()
        #expect(ring.isEmpty && ring.bytes == 0)
    }

    @Test("it covers what follows an offset when it reaches back as far, or nothing follows")
    func covers() {
        let ring = ring(4...6)
        #expect(!ring.covers(after: 2, seen: 6))
        #expect(
            ring.covers(after: 3, seen: 6) && ring.covers(after: 6, seen: 6) && ring.covers(after: 9, seen: 6)
        )
        #expect(Ring().covers(after: 6, seen: 6) && !Ring().covers(after: 5, seen: 6))
    }

    @Test(
        "a page after an offset: everything behind it, within the budget, or nothing where the start is gone")
    func pageAfter() {
        let ring = ring(4...8)
        #expect(ring.page(after: 3, budget: wide).offsets == [4, 5, 6, 7, 8])
        #expect(ring.page(after: 6, budget: wide).offsets == [7, 8])
        #expect(ring.page(after: 8, budget: wide).isEmpty)
        #expect(ring.page(after: 2, budget: wide).isEmpty)
        #expect(ring.page(after: 3, budget: PageBudget(publications: 2, bytes: 10)).offsets == [4, 5])
    }

    @Test("a page before an offset ends right before it; nil where a part of it is gone")
    func pageBefore() {
        let ring = ring(4...8)
        let two = PageBudget(publications: 2, bytes: 100)
        #expect(ring.page(before: 9, budget: two, first: 1)?.offsets == [7, 8])
        #expect(ring.page(before: 6, budget: two, first: 1)?.offsets == [4, 5])
        #expect(
            ring.page(before: 5, budget: two, first: 1) == nil, "3 is wanted too, and only the archive has it"
        )
        #expect(ring.page(before: 5, budget: two, first: 4)?.offsets == [4], "there is nothing before 4")
        #expect(ring.page(before: 10, budget: two, first: 1) == nil, "9 is not here")
        #expect(ring.page(before: 4, budget: two, first: 4)?.offsets == [])
        #expect(Ring().page(before: 1, budget: two, first: 1)?.offsets == [])
        #expect(Ring().page(before: 2, budget: two, first: 1) == nil)
    }

    @Test("a budget takes one publication whatever its size, and then only what fits")
    func budget() {
        func took(_ bodies: [String], publications: Int, bytes: Int) -> [Bool] {
            var budget = PageBudget(publications: publications, bytes: bytes)
            return bodies.map { budget.take(.stored(1, body: $0)) }
        }
        #expect(took(["12345", "1"], publications: 3, bytes: 4) == [true, false])
        #expect(took(["12", "34", "5"], publications: 3, bytes: 4) == [true, true, false])
        #expect(took(["1", "1"], publications: 1, bytes: 100) == [true, false])
        #expect(
            PageBudget(publications: 0, bytes: 9).isSpent && !PageBudget(publications: 1, bytes: 0).isSpent)
    }
}
