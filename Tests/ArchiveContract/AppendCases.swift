import Chat
import ChatProtocol
import Testing

extension ArchiveContract {
    static let appendCases = [
        ArchiveCase("G2: a room's offsets are 1, 2, 3") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            #expect(try bench.store(bench.drafts(room, "a", count: 3), in: archive) == [1, 2, 3])
            #expect(try bench.store(bench.drafts(room, "b", count: 2), in: archive) == [4, 5])
            #expect(try bench.read(room, .newest, in: archive).offsets == [1, 2, 3, 4, 5])
        },
        ArchiveCase("rooms of one group are numbered each for itself") { bench in
            let archive = try bench.endpoint()
            let (left, right) = (try bench.room("left"), try bench.room("right"))
            let other = try bench.room("left", tenant: TenantID("other"))
            let drafts = try [left, right, other, left, right, left].enumerated().map {
                try bench.draft($1, "c\($0)")
            }
            let outcomes = try bench.append(drafts, to: archive)
            #expect(outcomes.map { $0.position?.offset } == [1, 1, 1, 2, 2, 3])
            #expect(
                Set(outcomes.compactMap { $0.position?.epoch }).count == 3, "an epoch belongs to one room")
        },
        ArchiveCase("one bad draft among 256 good ones is refused alone") { bench in
            let archive = try bench.endpoint()
            let rooms = try (0..<8).map { try bench.room("room-\($0)") }
            var drafts = try (0..<256).map { try bench.draft(rooms[$0 % 8], "c\($0)") }
            drafts.insert(try bench.draft(rooms[3], "bad", body: ""), at: 100)
            let outcomes = try bench.append(drafts, to: archive)
            #expect(outcomes[100] == .refused)
            #expect(outcomes.count { $0.isStored } == 256)
            for room in rooms {
                #expect(try bench.read(room, .newest, in: archive).offsets == Array(1...32))
            }
        },
        ArchiveCase("a refused draft takes no offset and leaves its client id free") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            #expect(try bench.append([bench.draft(room, "c1", body: "")], to: archive) == [.refused])
            #expect(try bench.open(room, in: archive).state.head == 0)
            #expect(try bench.store([bench.draft(room, "c1")], in: archive) == [1])
        },
        ArchiveCase("1,000 drafts of two endpoints stay dense and in each one's order") { bench in
            let endpoints = [try bench.endpoint(), try bench.endpoint()]
            let room = try bench.room("busy")
            let collector = Collector()
            let drafts = [
                try bench.drafts(room, "a", count: 500), try bench.drafts(room, "b", count: 500, user: "bob"),
            ]
            for start in stride(from: 0, to: 500, by: 50) {
                for (archive, drafts) in zip(endpoints, drafts) {
                    archive.append(Array(drafts[start..<(start + 50)])) { collector.take($0) }
                }
            }
            try bench.run { collector.outcomes.count == 1000 }
            let offsets = try drafts.map {
                try $0.map { try #require(collector.outcomes[$0.token]?.position?.offset) }
            }
            #expect(offsets[0] == offsets[0].sorted())
            #expect(offsets[1] == offsets[1].sorted())
            #expect((offsets[0] + offsets[1]).sorted() == Array(1...1000))
        },
        ArchiveCase("a publication is kept as it was sent, byte for byte") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            let bodies = [
                "\"😀 \u{65}\u{301} \u{e9}\"", #""\ud83d\ude00 \/ \u00e9 \n \\ \"""#,
                " {\"a\" :\t1,\r\n\"a\":1.0e+00} ",
                "null", "0", "-0.0", "12345678901234567890.123456789", "[[],{},\"\"]", "\"\u{7f}\u{2028}\"",
                "\"" + String(repeating: "é", count: 16 * 1024 - 1) + "\"",
            ]
            let drafts = try bodies.enumerated().map {
                try bench.draft(room, "c\($0)", body: $1, user: "änn 😀", name: $0 == 1 ? nil : "e\u{301}")
            }
            try bench.store(drafts, in: archive)
            let page = try bench.read(room, .newest, in: archive)
            #expect(page.publications.map(\.body) == drafts.map(\.body))
            #expect(
                page.publications.map { $0.name?.unicodeScalars.count }
                    == drafts.map { $0.name?.unicodeScalars.count })
            #expect(page.publications.allSatisfy { $0.user == drafts[0].user && $0.room == room.name })
            #expect(page.publications.map(\.clientID) == drafts.map(\.clientID))
        },
        ArchiveCase("a reply and history tell the same position and time") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            let outcomes = try bench.append(bench.drafts(room, "a", count: 3), to: archive)
            let told = try bench.read(room, .newest, in: archive).publications.map {
                AppendOutcome.stored(try #require($0.position), time: $0.time)
            }
            #expect(outcomes == told)
        },
        ArchiveCase("no drafts are no work", needsRestart: false) { bench in
            let archive = try bench.endpoint()
            #expect(try bench.append([], to: archive).isEmpty)
        },
    ]

    static let retryCases = [
        ArchiveCase("G4: the same draft again answers the first position, in one group and in later ones") {
            bench in
            let (archive, other) = (try bench.endpoint(), try bench.endpoint())
            let room = try bench.room("lobby")
            let twice = [
                try bench.draft(room, "c1"), try bench.draft(room, "c1"), try bench.draft(room, "c2"),
            ]
            let first = try bench.append(twice, to: archive)
            #expect(first.count { $0.isStored } == 2 && first[1].isRepeat)
            #expect(first.map { $0.position?.offset } == [1, 1, 2])
            let again = try bench.append([bench.draft(room, "c2"), bench.draft(room, "c1")], to: other)
            #expect(again.count { $0.isRepeat } == again.count)
            #expect(again.map { $0.position?.offset } == [2, 1])
            #expect(try bench.open(room, in: archive).state.head == 2)
        },
        ArchiveCase("G4: a repeat tells the first one's time, name and body stay") { bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            let first = try bench.append([bench.draft(room, "c1", name: "Ann")], to: archive)[0]
            let again = try bench.append([bench.draft(room, "c1", name: "Anna")], to: archive)[0]
            guard case .stored(let position, let time) = first else { return #expect(first.isStored) }
            #expect(again == .repeated(position, time: time))
            #expect(try bench.read(room, .newest, in: archive).publications.map(\.name) == ["Ann"])
        },
        ArchiveCase("G4: the same id with another body is refused, also with another spelling of it") {
            bench in
            let archive = try bench.endpoint()
            let room = try bench.room("lobby")
            try bench.store([bench.draft(room, "c1", body: "1")], in: archive)
            let others = try ["2", "1.0", " 1", "1\n"].map { try bench.draft(room, "c1", body: $0) }
            #expect(try bench.append(others, to: archive) == Array(repeating: .clientIdReused, count: 4))
            #expect(try bench.open(room, in: archive).state.head == 1)
        },
        ArchiveCase("the same id of another user or in another room is another draft") { bench in
            let archive = try bench.endpoint()
            let (room, other) = (try bench.room("lobby"), try bench.room("garden"))
            let drafts = [
                try bench.draft(room, "c1"), try bench.draft(room, "c1", user: "bob"),
                try bench.draft(other, "c1"),
                try bench.draft(room, "C1"),
            ]
            #expect(try bench.store(drafts, in: archive) == [1, 2, 1, 3])
        },
        ArchiveCase("G4: repeats are known after a restart", needsRestart: true) { bench in
            let room = try bench.room("lobby")
            let before = try bench.append(bench.drafts(room, "a", count: 70), to: bench.endpoint())
            try bench.restart()
            let archive = try bench.endpoint()
            let after = try bench.append(bench.drafts(room, "a", count: 70), to: archive)
            #expect(after.count { $0.isRepeat } == after.count)
            #expect(after.map(\.position) == before.map(\.position))
            #expect(try bench.store([bench.draft(room, "new")], in: archive) == [71])
        },
    ]
}
