import Chat
import ChatProtocol
import Testing

extension ArchiveContract {
    static let generationCases = [
        ArchiveCase("G6: a room begins with a fork at its first offset") { bench in
            let state = try bench.open(bench.room("lobby"), in: bench.endpoint()).state
            #expect(state.forks == [Fork(generation: state.generation, first: 1)])
            #expect(state.generation.number >= 1 && state.generation.number < 78_364_164_096)
        },
        ArchiveCase("G6: a new generation forks every room, at once to the eye", needsRestart: true) {
            bench in
            let (full, empty) = (try bench.room("full"), try bench.room("empty"))
            var archive = try bench.endpoint()
            try bench.store(bench.drafts(full, "a", count: 3), in: archive)
            let before = [
                full: try bench.open(full, in: archive).state,
                empty: try bench.open(empty, in: archive).state,
            ]
            try bench.beginGeneration()
            archive = try bench.endpoint()
            for (room, old) in before {
                let page = try bench.read(room, .newest, in: archive)
                #expect(page.state.generation > old.generation)
                #expect(
                    page.state.id == old.id && page.state.head == old.head && page.state.epoch != old.epoch)
                #expect(
                    page.state.forks == old.forks + [
                        Fork(generation: page.state.generation, first: old.head + 1)
                    ])
                #expect(page.publications.allSatisfy { $0.position?.epoch == page.state.epoch })
            }
            let head = try bench.heads(of: [full], in: archive).first
            #expect(head?.epoch == (try bench.open(full, in: archive)).state.epoch)
        },
        ArchiveCase(
            "G6: offsets go on under the new epoch, and the fork stays where it was", needsRestart: true
        ) {
            bench in
            let room = try bench.room("lobby")
            var archive = try bench.endpoint()
            let old = try bench.append(bench.drafts(room, "a", count: 3), to: archive)
            try bench.beginGeneration()
            archive = try bench.endpoint()
            let new = try bench.append(bench.drafts(room, "b", count: 2), to: archive)
            let state = try bench.open(room, in: archive).state
            #expect(new.map { $0.position } == [4, 5].map { StreamPosition(epoch: state.epoch, offset: $0) })
            #expect(state.forks.map(\.first) == [1, 4] && state.head == 5)
            let again = try bench.append(bench.drafts(room, "a", count: 3), to: archive)
            #expect(
                again.map(\.position) == old.map(\.position), "a repeat tells the generation of its offset")
            #expect(again.count { $0.isRepeat } == again.count)
        },
        ArchiveCase(
            "G6: repeats and refusals do not fork a room; two generations can begin at one offset",
            needsRestart: true
        ) {
            bench in
            let room = try bench.room("lobby")
            try bench.store([bench.draft(room, "c1", body: "1")], in: bench.endpoint())
            try bench.beginGeneration()
            var archive = try bench.endpoint()
            let nothings = [
                try bench.draft(room, "c1", body: "1"), try bench.draft(room, "c1", body: "2"),
                try bench.draft(room, "c2", body: ""),
            ]
            let outcomes = try bench.append(nothings, to: archive)
            #expect(outcomes[0].isRepeat && outcomes[1] == .clientIdReused && outcomes[2] == .refused)
            let between = try bench.open(room, in: archive).state
            try bench.beginGeneration()
            archive = try bench.endpoint()
            try bench.store([bench.draft(room, "c3")], in: archive)
            let state = try bench.open(room, in: archive).state
            #expect(state.generation > between.generation)
            #expect(state.forks.map(\.first) == [1, 2], "the generation between left no trace but its end")
            #expect(state.forks.last?.generation == state.generation)
        },
    ]
}
