import ChatProtocol
import Testing

@testable import Chat

@Suite("ordering.md §4: what came before its turn is bounded")
struct HeldPublicationsTests {
    private var held: HeldPublications

    init() {
        var limits = Limits()
        limits.heldPublications = 3
        limits.heldBytes = 10
        held = HeldPublications(limits: limits)
    }

    @Test("beyond the number the farthest is forgotten, in whatever order they come")
    mutating func count() {
        for offset: Offset in [9, 2, 7, 4, 12, 3] { held.insert(.stored(offset)) }
        #expect(held.offsets == [2, 3, 4] && held.bytes == 3)
    }

    @Test("beyond the bytes too, and one of an offset takes the other's place")
    mutating func bytes() {
        held.insert(.stored(5, body: "12345678"))
        held.insert(.stored(5, body: "1234"))
        #expect(held.count == 1 && held.bytes == 4)
        held.insert(.stored(4, body: "1234567"))
        #expect(held.offsets == [4] && held.bytes == 7)
        held.insert(.stored(3, body: "12345678901"))
        #expect(held.isEmpty && held.bytes == 0, "even the first does not fit")
    }

    @Test("a filter keeps what comes after an offset in one epoch, and knows what of it was forgotten")
    mutating func keep() {
        for offset: Offset in [2, 3, 4, 5, 8] { held.insert(.stored(offset)) }
        #expect(held.keep(after: 2, in: "1-1") == 8)
        #expect(held.offsets == [3, 4] && held.bytes == 2)
        #expect(held.keep(after: 2, in: "2-1") == nil)
        #expect(held.isEmpty && held.bytes == 0)
        #expect(held.keep(after: 2, in: "1-1") == nil)
    }

    @Test("one is taken once, and nothing is left behind when all are dropped")
    mutating func remove() {
        for offset: Offset in [2, 3, 4, 5] { held.insert(.stored(offset)) }
        #expect(held.remove(3)?.offset == 3 && held.bytes == 2)
        let again = held.remove(3)
        #expect(again == nil)
        held.removeAll()
        #expect(held.isEmpty && held.bytes == 0 && held.keep(after: 0, in: "1-1") == nil)
    }
}
