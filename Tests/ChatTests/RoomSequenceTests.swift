import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("ordering.md §4: one room on one worker")
struct RoomSequenceTests {
    private var sequence: RoomSequence
    private var accepted: [Publication] = []

    init() {
        var limits = Limits()
        limits.heldPublications = 4
        sequence = RoomSequence(limits: limits)
    }

    private func state(
        _ generation: Int64 = 1, id: Int64 = 1, forkedAt fork: Offset? = nil, first: Offset = 1, head: Offset
    ) -> RoomState {
        var forks = [Fork(generation: ArchiveGeneration(number: 1), first: 1)]
        if let fork { forks.append(Fork(generation: ArchiveGeneration(number: generation), first: fork)) }
        return RoomState(
            generation: ArchiveGeneration(number: generation), id: id, forks: forks, first: first, head: head)
    }

    private mutating func open(at head: Offset, _ page: [Publication] = []) {
        sequence.open(ArchivePage(state: state(head: head), publications: page), accepted: &accepted)
    }

    private mutating func resync(_ state: RoomState, _ page: [Publication] = []) -> Offset? {
        sequence.resync(ArchivePage(state: state, publications: page), accepted: &accepted)
    }

    private mutating func receive(_ offsets: Offset..., epoch: Epoch = "1-1") -> [RoomSequence.Verdict] {
        offsets.map { sequence.receive(.stored($0, epoch: epoch), accepted: &accepted) }
    }

    @Test("while the room opens everything waits; what is past when it opened is dropped, the rest goes on")
    mutating func opening() {
        #expect(receive(6, 4, 5, 8) == [.held, .held, .held, .held])
        open(at: 4)
        #expect(accepted.offsets == [5, 6])
        #expect(sequence.seen == 6 && sequence.target == 8 && sequence.isBehind)
    }

    @Test("the next is accepted, a known one dropped, one ahead held until those before it came")
    mutating func order() {
        open(at: 10)
        #expect(receive(11, 11, 10, 13, 14, 12) == [.accepted, .dropped, .dropped, .held, .held, .accepted])
        #expect(accepted.offsets == [11, 12, 13, 14])
        #expect(!sequence.isBehind && sequence.held.isEmpty)
        #expect(Array(sequence.ring.publications).offsets == [11, 12, 13, 14])
    }

    @Test("beyond the limit the farthest is forgotten, and that it exists is not")
    mutating func holdLimit() {
        open(at: 0)
        _ = receive(9, 3, 4, 8, 5, 6)
        #expect(sequence.held.offsets == [3, 4, 5, 6])
        #expect(sequence.target == 9)
    }

    @Test("scenario 17: what was forgotten while the room opened is still known to exist")
    mutating func holdLimitWhileOpening() {
        _ = receive(3, 4, 5, 6, 7, 8)
        open(at: 2)
        #expect(accepted.offsets == [3, 4, 5, 6])
        #expect(sequence.target == 8 && sequence.isBehind)
    }

    @Test("what is held has a bound in bytes too")
    mutating func holdBytes() {
        var limits = Limits()
        limits.heldBytes = 1_000
        var sequence = RoomSequence(limits: limits)
        let body = String(repeating: "1", count: 300)
        for offset: Offset in [5, 4, 3, 2] {
            _ = sequence.receive(.stored(offset, body: body), accepted: &accepted)
        }
        #expect(sequence.held.offsets == [2, 3, 4])
        #expect(sequence.target == 5)
    }

    @Test("a publication of an epoch that is over is dropped, one of a later epoch contradicts")
    mutating func epochs() {
        sequence.open(ArchivePage(state: state(2, head: 5), publications: []), accepted: &accepted)
        #expect(receive(6, epoch: "1-1") == [.dropped])
        #expect(receive(6, epoch: "junk") == [.dropped])
        #expect(receive(6, epoch: "3-1") == [.contradicts])
        #expect(receive(6, epoch: "2-2") == [.contradicts])
        #expect(sequence.seen == 5 && sequence.target == 5)
    }

    @Test(
        "another client id under a known offset contradicts; under one no longer in memory it cannot be told")
    mutating func conflict() {
        open(at: 5, [.stored(4), .stored(5)])
        #expect(sequence.receive(.stored(5, clientID: "other"), accepted: &accepted) == .contradicts)
        #expect(sequence.receive(.stored(3, clientID: "other"), accepted: &accepted) == .dropped)
    }

    @Test("an ephemeral publication is none of its business")
    mutating func ephemeral() {
        open(at: 5)
        var publication = Publication.stored(6)
        publication.position = nil
        #expect(sequence.receive(publication, accepted: &accepted) == .dropped)
    }

    @Test("trimmed: the range that was missed is told, once, and what waited behind it goes on")
    mutating func trim() {
        open(at: 5, [.stored(5)])
        _ = receive(9, 10)
        #expect(sequence.trim(to: 6, accepted: &accepted) == nil)
        #expect(sequence.trim(to: 9, accepted: &accepted) == 6...8)
        #expect(accepted.offsets == [9, 10] && sequence.seen == 10 && !sequence.isBehind)
        #expect(sequence.ring.firstOffset == 9)
        #expect(sequence.trim(to: 9, accepted: &accepted) == nil)
    }

    @Test("a pause forgets what waited; what arrives during it waits for the new state")
    mutating func pause() {
        open(at: 5, [.stored(4), .stored(5)])
        _ = receive(1_000_000_000_000_000)
        sequence.pause()
        #expect(sequence.held.isEmpty && !sequence.isBehind)
        #expect(receive(6) == [.held])
        #expect(resync(state(head: 5)) == nil)
        #expect(accepted.offsets == [6] && sequence.seen == 6 && !sequence.isPaused && !sequence.isBehind)
    }

    @Test(
        "the cut is the first later fork, the head, or where one is, whichever is lowest",
        arguments: [(8, 20, 7), (15, 20, nil), (15, 6, 6)] as [(Offset, Offset, Offset?)])
    mutating func cut(fork: Offset, head: Offset, cut: Offset?) {
        open(at: 10, [.stored(10)])
        sequence.pause()
        #expect(resync(state(2, forkedAt: fork, head: head)) == cut)
        #expect(sequence.seen == cut ?? 10)
        #expect(sequence.target == max(head, cut ?? 10))
        #expect(sequence.epoch == "2-1" && sequence.ring.isEmpty)
    }

    @Test(
        "what was put under known offsets meanwhile is seen: the cut lies below the first that differs",
        arguments: [
            // Offsets the ring has, the page's, from where on it differs, the fork, the cut.
            (1...10, 1...12, 6, 13, 5), (1...10, 1...12, 11, 13, nil), (1...10, 3...8, 5, 9, 4),
            // Nothing that can be compared is the same: where the two parted is not known.
            (4...10, 1...12, 4, 13, 0), (1...10, 6...12, 6, 13, 0),
            // Above the fork all is void anyway, and says nothing of what is below.
            (6...10, 6...12, 8, 8, 7), (8...10, 8...12, 8, 8, 7), (1...3, 7...12, 7, 13, nil),
        ] as [(ClosedRange<Offset>, ClosedRange<Offset>, Offset, Offset, Offset?)])
    mutating func putBack(
        ring: ClosedRange<Offset>, page: ClosedRange<Offset>, differs: Offset, fork: Offset, cut: Offset?
    ) {
        open(at: ring.upperBound, ring.map { .stored($0) })
        sequence.pause()
        let theirs = page.map { Publication.stored($0, epoch: "2-1", clientID: $0 < differs ? nil : "other") }
        #expect(resync(state(2, forkedAt: fork, head: page.upperBound), theirs) == cut)
        let seen = cut ?? ring.upperBound
        #expect(sequence.seen == seen && sequence.target == page.upperBound)
        #expect(sequence.ring.publications.allSatisfy { $0.position?.epoch == "2-1" })
        #expect(sequence.ring.isEmpty || sequence.ring.publications.last?.offset == seen)
    }

    @Test("the same client id of another user, or of another time, is another publication")
    mutating func putBackAlike() {
        for change: (inout Publication) -> Void in [{ $0.user = "eve" }, { $0.time.milliseconds += 1 }] {
            sequence = RoomSequence(limits: Limits())
            open(at: 2, [.stored(1), .stored(2)])
            sequence.pause()
            var other = Publication.stored(2)
            change(&other)
            #expect(resync(state(head: 2), [.stored(1), other]) == 1)
        }
    }

    @Test("a room made anew under its name has another number: everything is void")
    mutating func anotherRoom() {
        open(at: 10)
        sequence.pause()
        #expect(resync(state(id: 9, head: 12)) == 0)
        #expect(sequence.seen == 0 && sequence.target == 12)
    }

    @Test("what was forgotten during a pause is still known to exist")
    mutating func holdLimitInPause() {
        open(at: 5)
        sequence.pause()
        _ = receive(6, 7, 8, 9, 10, 11)
        _ = resync(state(head: 5))
        #expect(accepted.offsets == [6, 7, 8, 9])
        #expect(sequence.isBehind && sequence.target == 11)
    }

    @Test("a head from the archive only raises the target")
    mutating func learn() {
        open(at: 5)
        sequence.learn(head: 3)
        #expect(!sequence.isBehind)
        sequence.learn(head: 8)
        #expect(sequence.target == 8 && sequence.seen == 5)
    }

    @Test("a sweep's head is a hint: it is behind, nothing is missing, and a pause forgets it")
    mutating func hint() {
        open(at: 5)
        #expect(sequence.hear(head: StreamPosition(epoch: "1-1", offset: 5)) == .dropped)
        #expect(sequence.hear(head: StreamPosition(epoch: "1-1", offset: 8)) == .held)
        #expect(sequence.hear(head: StreamPosition(epoch: "1-1", offset: 7)) == .held)
        #expect(sequence.isBehind && !sequence.isMissing && sequence.goal == 8)
        #expect(receive(6, 7, 8) == [.accepted, .accepted, .accepted])
        #expect(!sequence.isBehind)
        _ = sequence.hear(head: StreamPosition(epoch: "1-1", offset: 9))
        sequence.pause()
        #expect(!sequence.isBehind)
    }

    @Test("of the heads told before a room can judge them, the farthest of the latest epoch is remembered")
    mutating func earlyHeads() {
        for head in [
            StreamPosition(epoch: "1-1", offset: 9), StreamPosition(epoch: "2-1", offset: 6),
            StreamPosition(epoch: "2-1", offset: 4), StreamPosition(epoch: "1-1", offset: 7),
        ] {
            #expect(sequence.hear(head: head) == .held)
        }
        #expect(sequence.takeEarlyHead() == nil)
        open(at: 5)
        let early = sequence.takeEarlyHead()
        #expect(early == StreamPosition(epoch: "2-1", offset: 6))
        #expect(early.map { sequence.hear(head: $0) } == .contradicts)
        #expect(sequence.hear(head: StreamPosition(epoch: "junk", offset: 7)) == .dropped)
        #expect(sequence.takeEarlyHead() == nil)
    }
}
