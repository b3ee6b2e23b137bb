import Chat
import ChatProtocol
import Testing

extension ArchiveContract {
    static let readCases = [
        ArchiveCase("pages: the newest, those before and those after an offset, ascending") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            try bench.store(bench.drafts(room, "a", count: 10), in: archive)
            let pages: [(PageRange, [Offset])] = [
                (.newest, [8, 9, 10]), (.before(8), [5, 6, 7]), (.before(3), [1, 2]), (.after(4), [5, 6, 7]),
                (.after(8), [9, 10]),
            ]
            for (range, offsets) in pages {
                let page = try bench.read(room, range, limit: 3, in: archive)
                #expect(page.offsets == offsets, "\(range)")
                #expect(page.bodies == offsets.map { "\"a\($0)\"" })
                #expect(page.state.head == 10 && page.state.first == 1)
                #expect(page.publications.allSatisfy { $0.position?.epoch == page.state.epoch })
            }
        },
        ArchiveCase("pages at the edges: 0, 1, head, head + 1 and 2^53 - 1") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            try bench.store(bench.drafts(room, "a", count: 3), in: archive)
            let largest = StreamPosition.largestOffset
            let pages: [(PageRange, [Offset])] = [
                (.before(0), []), (.before(1), []), (.before(2), [1]), (.before(3), [1, 2]),
                (.before(4), [1, 2, 3]),
                (.before(largest), [1, 2, 3]), (.after(0), [1, 2, 3]), (.after(1), [2, 3]), (.after(2), [3]),
                (.after(3), []), (.after(4), []), (.after(largest), []),
            ]
            for (range, offsets) in pages {
                #expect(try bench.read(room, range, in: archive).offsets == offsets, "\(range)")
            }
        },
        ArchiveCase("a page keeps to its bytes, but has one publication at least") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            let drafts = try [10, 20, 30, 40, 5].enumerated().map {
                try bench.draft(room, "c\($0)", body: "\"" + String(repeating: "x", count: $1 - 2) + "\"")
            }
            try bench.store(drafts, in: archive)
            let pages: [(PageRange, Int, [Offset])] = [
                (.newest, 45, [4, 5]), (.newest, 44, [5]), (.newest, 0, [5]), (.before(5), 70, [3, 4]),
                (.before(5), 39, [4]), (.after(0), 30, [1, 2]), (.after(0), 29, [1]), (.after(3), 1, [4]),
                (.after(0), 105, [1, 2, 3, 4, 5]),
            ]
            for (range, bytes, offsets) in pages {
                #expect(
                    try bench.read(room, range, bytes: bytes, in: archive).offsets == offsets,
                    "\(range) \(bytes)")
            }
        },
        ArchiveCase("a room that nobody knew is an empty page, and the same room from then on") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            for range in [PageRange.newest, .before(1), .after(0), .after(7)] {
                let page = try bench.read(room, range, in: archive)
                #expect(page.publications.isEmpty)
                #expect(page.state.head == 0 && page.state.first == 1)
                #expect(page.state.id == (try bench.open(room, in: archive)).state.id)
            }
        },
    ]

    static let openCases = [
        ArchiveCase("open makes the room once, whoever asks") { bench in
            let (archive, other) = (try bench.endpoint(), try bench.endpoint())
            let room = try bench.room("lobby")
            let first = try bench.open(room, in: archive).state
            #expect(first.head == 0 && first.first == 1)
            #expect(try bench.open(room, in: other).state == first)
            #expect(try bench.open(bench.room("garden"), in: other).state.id != first.id)
            let outcome = try bench.append([bench.draft(room, "c1")], to: other)[0]
            #expect(outcome.position == StreamPosition(epoch: first.epoch, offset: 1))
        },
        ArchiveCase("open brings the tail, within its limit and its bytes") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            try bench.store(bench.drafts(room, "a", count: 5), in: archive)
            #expect(try bench.open(room, tail: 0, in: archive).offsets == [])
            #expect(try bench.open(room, tail: 2, in: archive).offsets == [4, 5])
            #expect(try bench.open(room, tail: 9, in: archive).offsets == [1, 2, 3, 4, 5])
            #expect(try bench.open(room, tail: 9, tailBytes: 8, in: archive).offsets == [4, 5])
            #expect(try bench.open(room, tail: 9, tailBytes: 7, in: archive).offsets == [5])
            #expect(try bench.open(room, tail: 9, tailBytes: 3, in: archive).offsets == [])
            #expect(try bench.open(room, tail: 2, in: archive).state.head == 5)
        },
        ArchiveCase("an open asked after an append shows what was appended") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            let collector = Collector()
            var heads: [Offset] = []
            archive.append(try bench.drafts(room, "a", count: 3)) { collector.take($0) }
            try bench.run { collector.outcomes.count == 3 }
            archive.open(room, tail: 9, tailBytes: .max) {
                if let page = try? $0.get() { heads = page.offsets }
            }
            try bench.run { !heads.isEmpty }
            #expect(heads == [1, 2, 3])
        },
        ArchiveCase("names that differ only by Unicode normalisation are two rooms") { bench in
            let archive = try bench.endpoint()
            let (composed, decomposed) = (try bench.room("caf\u{e9}"), try bench.room("cafe\u{301}"))
            try bench.store(bench.drafts(composed, "a", count: 2), in: archive)
            #expect(try bench.open(decomposed, in: archive).state.head == 0)
            #expect(try bench.open(composed, in: archive).state.head == 2)
            #expect(try bench.open(bench.room("CAF\u{e9}"), in: archive).state.head == 0)
        },
        ArchiveCase("heads tells of the rooms that exist, and only of those") { bench in
            let archive = try bench.endpoint()
            let (full, empty, unknown) = (
                try bench.room("full"), try bench.room("empty"), try bench.room("unknown")
            )
            try bench.store(bench.drafts(full, "a", count: 2), in: archive)
            let states = [
                full: try bench.open(full, in: archive).state,
                empty: try bench.open(empty, in: archive).state,
            ]
            for _ in 1...2 {
                let heads = try bench.heads(of: [unknown, empty, full], in: archive)
                #expect(heads.count == 2)
                for head in heads {
                    #expect(head.head == states[head.room]?.head && head.epoch == states[head.room]?.epoch)
                }
            }
            #expect(try bench.heads(of: [], in: archive).isEmpty)
        },
        ArchiveCase("a restart keeps rooms, positions and publications", needsRestart: true) { bench in
            let (room, empty) = (try bench.room("lobby"), try bench.room("empty"))
            var archive = try bench.endpoint()
            try bench.store(bench.drafts(room, "a", count: 300), in: archive)
            let before = try bench.read(room, .newest, limit: 400, in: archive)
            let emptyBefore = try bench.open(empty, in: archive)
            try bench.restart()
            archive = try bench.endpoint()
            #expect(try bench.read(room, .newest, limit: 400, in: archive) == before)
            #expect(try bench.open(empty, in: archive) == emptyBefore)
        },
    ]
}
