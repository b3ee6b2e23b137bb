import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import Networking
import TestServers
import Testing
import Time

@testable import ArchivePostgres

/// What the sweep tells, and what it may never miss.
@Suite("The sweep")
struct SweeperTests {
    @Test("an append held open while later ones commit and three sweeps pass is told when it commits")
    func sweepMissesNothing() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        _ = try harness.append(drafts(1...1, room: "slow") + drafts(2...2, room: "fast"), to: archive)
        try harness.run { harness.store.isHealthy && harness.news.contains(.compare) }
        archive.watchClosely(true)
        // What an instance does whose commit hangs: it holds the room, its number is drawn, nothing is
        // visible.
        let held = try Session(harness)
        try held.run(
            """
            begin;
            select id from parley.rooms where name = 'slow' for no key update;
            update parley.rooms set head = head + 1 where name = 'slow';
            insert into parley.publications
                (room, "offset", sender, client_id, sent_at, size, body)
            select id, head, 'bob', 'held', now(), 1, '1' from parley.rooms where name = 'slow';
            insert into parley.moves select pg_current_xact_id(), array_agg(id), array_agg(head)
            from parley.rooms where name = 'slow';
            """)
        var next = 3
        for _ in 1...3 {
            let seen = harness.moves.count
            _ = try harness.append(drafts(next...next, room: "fast"), to: archive)
            next += 1
            try harness.run { harness.moves.count > seen }
        }
        let slow = try room("slow")
        #expect(!harness.moves.contains { $0.room == slow && $0.head == 2 })
        try held.run("commit;")
        try harness.run { harness.moves.contains { $0.room == slow && $0.head == 2 } }
        #expect(try harness.open(slow, in: archive).get().state.head == 2)
    }

    @Test("rooms that another instance moved are told, with their epoch")
    func tellsMoves() throws {
        let first = try PostgresHarness()
        let second = try PostgresHarness(url: first.url)
        let archive = try first.archive()
        try first.run { first.store.isHealthy && first.news.contains(.compare) }
        let outcomes = try second.append(drafts(1...3), to: second.archive())
        let moved = try room()
        try first.run { first.moves.contains { $0.room == moved } }
        let head = first.moves.last { $0.room == moved }
        #expect(head?.head == 3 && head?.epoch == outcomes[0].position?.epoch)
        withExtendedLifetime(archive) {}
    }

    @Test("notes that were forgotten are known to be missing; those after them stand")
    func trims() throws {
        let harness = try PostgresHarness()
        let archive = try harness.endpoint()
        _ = try harness.append(drafts(1...1, room: "old"), to: archive)
        _ = try harness.append(drafts(2...2, room: "new"), to: archive)
        let session = try Session(harness)
        let marks = try harness.sql("select xact from parley.moves order by xact").split(separator: "\n")
        try #require(marks.count == 2)
        let mark = String(marks[1])
        _ = try session.ask(SweepQueries.trim, [.text(mark)])
        #expect(
            try harness.sql(
                "select moves_from, (select count(*) from parley.moves) from parley.archive") == "\(mark)|1")
        let late = Sweep(try session.ask(SweepQueries.sweep, [.text(String(marks[0]))]))
        #expect(late.isIncomplete && late.moved.isEmpty)
        let new = try room("new")
        let next = Sweep(try session.ask(SweepQueries.sweep, [.text(mark)]))
        #expect(!next.isIncomplete && next.moved.map(\.room) == [new])
        // While another instance is at it, nothing happens.
        try session.run("begin")
        _ = try session.ask(SweepQueries.trim, [.text(mark)])
        _ = try Session(harness).ask(SweepQueries.trim, [.text("999999999")])
        try session.run("commit")
        #expect(try harness.sql("select moves_from from parley.archive") == mark)
    }

    @Test("more notes than are worth reading are told as incomplete")
    func refusesFloods() throws {
        let harness = try PostgresHarness()
        _ = try harness.append(drafts(1...1), to: harness.endpoint())
        let session = try Session(harness)
        let mark = try harness.sql("select moves_from from parley.archive")
        let add =
            "insert into parley.moves select pg_current_xact_id(), '{1}', '{1}' from generate_series(1, "
        try harness.sql(add + "4999)")
        let most = Sweep(try session.ask(SweepQueries.sweep, [.text(mark)]))
        #expect(!most.isIncomplete && most.moved.count == 1 && most.isSameHistory)
        try harness.sql(add + "1)")
        let flood = Sweep(try session.ask(SweepQueries.sweep, [.text(mark)]))
        #expect(flood.isIncomplete && flood.moved.isEmpty)
    }

    @Test(
        "a database in an earlier generation was put back: a later one than both begins, told as what it is")
    func notesEarlierGeneration() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        _ = try harness.append(drafts(1...2), to: archive)
        try harness.run { harness.store.isHealthy && harness.news.contains(.compare) }
        // In the future, or the clock alone would see to it that the new one is later.
        let believed: Int64 = 50_000_000_000
        try harness.sql("update parley.archive set generation = \(believed)")
        try harness.run { harness.said("began generation \(believed)") == 1 }
        try harness.sql("update parley.archive set generation = 7")
        try harness.run { harness.said("began generation \(believed + 1)") == 1 }
        #expect(try harness.sql("select generation from parley.archive") == "\(believed + 1)")
        #expect(harness.said("it is in generation 7, where \(believed) was in force already") == 1)
    }

    @Test("what is published while the database is in an earlier generation is stored in a later one")
    func appendsAboveEarlierGeneration() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        _ = try harness.append(drafts(1...2), to: archive)
        let believed: Int64 = 50_000_000_000
        try harness.sql("update parley.archive set generation = \(believed)")
        _ = try harness.append(drafts(3...3), to: archive)
        for (known, ids) in [("lobby", 4...4), ("attic", 5...5)] {
            try harness.sql("update parley.archive set generation = 7")
            let stored = try harness.append(drafts(ids, room: known), to: archive)
            let generation = try #require(stored[0].position?.epoch.parts?.generation.number)
            #expect(generation > believed, "\(known)")
        }
    }

    @Test("a generation that a worker doubts ends once, also where several instances doubt it")
    func endsDoubtedGeneration() throws {
        let first = try PostgresHarness()
        let second = try PostgresHarness(url: first.url)
        let (archive, other) = (try first.archive(), try second.archive())
        for harness in [first, second] {
            try harness.run { harness.store.isHealthy && harness.news.contains(.compare) }
        }
        try first.sql("update parley.archive set generation = 50000000000")
        let doubted = ArchiveGeneration(number: 50_000_000_000)
        func isTold() -> Bool { [first, second].allSatisfy { $0.said("began generation 50000000001") == 1 } }
        archive.beginGeneration(after: doubted)
        other.beginGeneration(after: doubted)
        try first.run {
            try? second.loop.turn(sleepingAtMost: .zero)
            return isTold()
        }
        archive.beginGeneration(after: doubted)
        let swept = first.moves.count
        _ = try second.append(drafts(1...1), to: other)
        try first.run { first.moves.count > swept }
        #expect(try first.sql("select generation from parley.archive") == "50000000001")
    }

    @Test("a lock of rooms that nobody gives back is reported once, with what ends it")
    func reportsOldLocks() throws {
        let harness = try PostgresHarness()
        _ = try harness.append(drafts(1...1), to: harness.endpoint())
        let holder = try Session(harness)
        try holder.run("begin; select id from parley.rooms for no key update")
        func reports() -> Int {
            harness.events.count { event in
                if case .notice(let text) = event { text.contains("pg_terminate_backend") } else { false }
            }
        }
        try harness.run { reports() == 1 }
        try holder.run("rollback")
        #expect(reports() == 1)
    }
}
