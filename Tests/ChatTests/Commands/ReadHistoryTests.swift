import ChatProtocol
import Testing

@testable import Chat

@Suite("history: from memory where the page is there, else from the archive")
struct ReadHistoryTests {
    struct Case: Sendable {
        let anchor: HistoryRequest.Anchor
        let offsets: [Offset]
        let more: Bool
    }

    /// Ten publications of which the first three are trimmed; pages of three.
    static let cases = [
        Case(anchor: .newest, offsets: [8, 9, 10], more: true),
        Case(anchor: .before(11), offsets: [8, 9, 10], more: true),
        Case(anchor: .before(999), offsets: [8, 9, 10], more: true),
        Case(anchor: .before(8), offsets: [5, 6, 7], more: true),
        Case(anchor: .before(7), offsets: [4, 5, 6], more: false),
        Case(anchor: .before(6), offsets: [4, 5], more: false),
        Case(anchor: .before(4), offsets: [], more: false),
        Case(anchor: .before(1), offsets: [], more: false),
        Case(anchor: .after(0), offsets: [4, 5, 6], more: true),
        Case(anchor: .after(3), offsets: [4, 5, 6], more: true),
        Case(anchor: .after(6), offsets: [7, 8, 9], more: true),
        Case(anchor: .after(7), offsets: [8, 9, 10], more: false),
        Case(anchor: .after(9), offsets: [10], more: false),
        Case(anchor: .after(10), offsets: [], more: false),
        Case(anchor: .after(999), offsets: [], more: false),
    ]

    private func harness(ring: Bool, trimmed: Bool = true) -> HubHarness {
        let harness = HubHarness { $0.ringBytes = ring ? 10_000 : 0 }
        harness.store(10, in: "lobby")
        if trimmed { harness.archive.trim(.lobby, below: 4) }
        return harness
    }

    private func page(_ harness: HubHarness, _ key: SessionKey, _ anchor: HistoryRequest.Anchor) -> [Effect] {
        harness.send(key, .history(HistoryRequest(room: "lobby", anchor: anchor, limit: 3)))
    }

    @Test("every page, and whether there is more in its direction, from the archive", arguments: cases)
    func archive(_ example: Case) {
        let harness = harness(ring: false)
        let ann = harness.connect("ann")
        let effects = page(harness, ann, example.anchor)
        #expect(effects.reads == 1)
        #expect(effects.history(ann)?.offsets == example.offsets)
        #expect(effects.history(ann)?.more == example.more)
        #expect(effects.history(ann)?.head == 10 && effects.history(ann)?.epoch == "1-1")
    }

    @Test("the same pages from a room's memory, without a read where memory reaches", arguments: cases)
    func memory(_ example: Case) {
        let harness = harness(ring: true)
        let ann = harness.connect("ann", in: "lobby")
        let effects = page(harness, ann, example.anchor)
        let isBeforeMemory = if case .after(let offset) = example.anchor { offset < 3 } else { false }
        #expect(effects.reads == (isBeforeMemory ? 1 : 0))
        #expect(effects.history(ann)?.offsets == example.offsets)
        #expect(effects.history(ann)?.more == example.more)
        #expect(effects.history(ann)?.head == 10)
    }

    @Test("a page that is partly in memory is read whole")
    func partly() {
        let harness = HubHarness { $0.ringBytes = 2 * 161 }
        harness.store(10, in: "lobby")
        let ann = harness.connect("ann", in: "lobby")
        let effects = page(harness, ann, .newest)
        #expect(effects.reads == 1 && effects.history(ann)?.offsets == [8, 9, 10])
    }

    @Test(
        "a room that is behind asks the archive: an answer is never older than what the room is known to have"
    )
    func behind() {
        let harness = harness(ring: true, trimmed: false)
        let ann = harness.connect("ann", in: "lobby")
        harness.hear([harness.store(3, in: "lobby")[2]])
        #expect(page(harness, ann, .newest).history(ann)?.offsets == [11, 12, 13])
    }

    @Test("a limit is never more than a page, and 50 without one")
    func limits() {
        let harness = HubHarness { $0.announced.pagePublications = 60 }
        harness.store(100, in: "lobby")
        let ann = harness.connect("ann")
        func count(_ limit: Int?) -> Int? {
            harness.send(ann, .history(HistoryRequest(room: "lobby", limit: limit))).history(ann)?
                .publications.count
        }
        #expect(count(nil) == 50 && count(1_000) == 60 && count(1) == 1)
    }

    @Test("an empty room, an ephemeral one, a reserved one, and an archive that fails")
    func edges() {
        let harness = HubHarness()
        let ann = harness.connect("ann", in: "live:1", "attic")
        func ask(_ room: RoomName) -> [Effect] { harness.send(ann, .history(HistoryRequest(room: room))) }
        #expect(ask("live:1").errors(to: ann) == [.notStored])
        #expect(ask("$user:ann").errors(to: ann) == [.forbidden])
        #expect(ask("attic").history(ann)?.head == 0)
        #expect(ask("nowhere").history(ann)?.publications == [])
        harness.isAnswering = false
        _ = ask("lobby")
        #expect(harness.fail().errors(to: ann) == [.unavailable])
        #expect(harness.hub.session(ann)?.outstandingReads == 0)
    }
}
