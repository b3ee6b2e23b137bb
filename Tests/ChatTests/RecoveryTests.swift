import ChatProtocol
import Testing

@testable import Chat

/// A room of generations 1, 3 (from 11 on) and 4 (from 16 on); 1 and 2 are trimmed, the head is 20.
@Suite("ordering.md §4 join: what a position is worth")
struct RecoveryTests {
    private let state = RoomState(
        generation: ArchiveGeneration(number: 4), id: 7,
        forks: [
            Fork(generation: ArchiveGeneration(number: 1), first: 1),
            Fork(generation: ArchiveGeneration(number: 3), first: 11),
            Fork(generation: ArchiveGeneration(number: 4), first: 16),
        ], first: 3, head: 20)

    struct Case: Sendable {
        let epoch: Epoch
        let offset: Offset
        let cursor: Offset
        let lost: ClosedRange<Offset>?
    }

    @Test(
        "a position is void from the first later fork on, or above the head; what is trimmed is gone",
        arguments: [
            Case(epoch: "4-7", offset: 20, cursor: 20, lost: nil),
            Case(epoch: "4-7", offset: 16, cursor: 16, lost: nil),
            Case(epoch: "4-7", offset: 23, cursor: 20, lost: 21...23),
            Case(epoch: "3-7", offset: 15, cursor: 15, lost: nil),
            Case(epoch: "3-7", offset: 16, cursor: 15, lost: 16...16),
            Case(epoch: "1-7", offset: 10, cursor: 10, lost: nil),
            Case(epoch: "1-7", offset: 14, cursor: 10, lost: 11...14),
            Case(epoch: "2-7", offset: 12, cursor: 10, lost: 11...12),
            Case(epoch: "1-7", offset: 30, cursor: 10, lost: 11...30),
            // Of an archive later than this one, of another room, of no epoch of ours: nothing holds.
            Case(epoch: "5-7", offset: 10, cursor: 2, lost: 1...10),
            Case(epoch: "4-8", offset: 10, cursor: 2, lost: 1...10),
            Case(epoch: "what", offset: 10, cursor: 2, lost: 1...10),
            Case(epoch: "4-7", offset: 2, cursor: 2, lost: nil),
            Case(epoch: "4-7", offset: 1, cursor: 2, lost: 2...2),
            Case(epoch: "0", offset: 0, cursor: 2, lost: 1...2),
        ])
    func judged(_ example: Case) {
        let recovery = Recovery(
            since: StreamPosition(epoch: example.epoch, offset: example.offset), in: state)
        #expect(recovery.cursor == example.cursor)
        #expect(recovery.lost == example.lost)
    }

    @Test("offset 0 of any epoch in a whole room loses nothing")
    func zero() {
        let whole = RoomState(
            generation: ArchiveGeneration(number: 1), id: 1,
            forks: [Fork(generation: ArchiveGeneration(number: 1), first: 1)], first: 1, head: 5)
        let recovery = Recovery(since: StreamPosition(epoch: "0", offset: 0), in: whole)
        #expect(recovery.cursor == 0 && recovery.lost == nil)
    }

    @Test(
        "without a position the latest count, and nothing is lost",
        arguments: [(0, 20), (5, 15), (18, 2), (100, 2)] as [(Int, Offset)])
    func tail(_ tail: Int, cursor: Offset) {
        let recovery = Recovery(tail: tail, seen: 20, first: 3)
        #expect(recovery.cursor == cursor && recovery.lost == nil)
    }

    @Test("what the archive trimmed meanwhile is added to the loss")
    func trimmed() {
        var recovery = Recovery(since: StreamPosition(epoch: "4-7", offset: 5), in: state)
        recovery.trim(to: 6)
        #expect(recovery.cursor == 5 && recovery.lost == nil)
        recovery.trim(to: 9)
        #expect(recovery.cursor == 8 && recovery.lost == 6...8)
        recovery.trim(to: 10)
        #expect(recovery.cursor == 9 && recovery.lost == 6...9)
    }

    @Test("what may not be told is lost to whoever asked for it, together with what was lost before")
    func withheld() {
        var asked = Recovery(since: StreamPosition(epoch: "4-7", offset: 16), in: state)
        asked.withhold(to: 20, isAsked: true)
        #expect(asked.cursor == 20 && asked.lost == 17...20)
        var void = Recovery(since: StreamPosition(epoch: "3-7", offset: 18), in: state)
        void.withhold(to: 20, isAsked: true)
        #expect(void.lost == 16...20)
        var unasked = Recovery(tail: 5, seen: 20, first: 3)
        unasked.withhold(to: 20, isAsked: false)
        #expect(unasked.cursor == 20 && unasked.lost == nil)
        var whole = Recovery(since: StreamPosition(epoch: "4-7", offset: 20), in: state)
        whole.withhold(to: 20, isAsked: true)
        #expect(whole.lost == nil)
    }
}
