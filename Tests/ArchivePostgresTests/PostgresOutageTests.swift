import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import Networking
import TestServers
import Testing
import Time

/// What an outage may cost: waiting, and honest answers. Never a publication, and never one of them twice.
@Suite("The archive in Postgres under faults")
struct PostgresOutageTests {
    @Test("a body the server refuses is refused alone among 256, and keeps no neighbour from its place")
    func refusesPoisonAlone() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        var batch = try drafts(1...256, room: "one")
        // Nested deeper than the server's stack; bytes that are no UTF-8; no JSON at all.
        batch[40].body = Array(repeating: UInt8(ascii: "["), count: 60_000)
        batch[100].body = [0x22, 0xFF, 0x22]
        batch[200].body = Array("{".utf8)
        batch[201].body = [0x22, 0x00, 0x22]
        let outcomes = try harness.append(batch, to: archive)
        for poison in [40, 100, 200, 201] { #expect(outcomes[poison] == .refused) }
        let offsets = outcomes.compactMap { $0.position?.offset }
        #expect(offsets == Array(1...252))
        #expect(harness.store.statistics.refused == 4)
    }

    @Test(
        "kill -9 of Postgres with drafts under way: each is settled, stored once, and resent ones are known")
    func survivesKill() throws {
        let server = try PostgresServer()
        let harness = try PostgresHarness(on: server)
        let archive = try harness.archive()
        try harness.settle()
        var outcomes: [UInt64: AppendOutcome] = [:]
        let batch = try drafts(1...4000, bodyBytes: 64)
        for start in stride(from: 0, to: batch.count, by: 100) {
            archive.append(Array(batch[start..<(start + 100)])) { settlements in
                for settlement in settlements {
                    #expect(outcomes[settlement.token] == nil, "a draft is settled once")
                    outcomes[settlement.token] = settlement.outcome
                }
            }
        }
        try harness.run { outcomes.count >= 200 }
        try server.kill9()
        try server.start()
        try harness.run { outcomes.count == batch.count }
        #expect(outcomes.values.allSatisfy { $0.position != nil || $0 == .unavailable })
        // Whatever was not known is settled by the same drafts.
        try harness.settle()
        let again = try harness.append(batch, to: archive)
        for (draft, outcome) in zip(batch, again) {
            if let told = outcomes[draft.token]?.position {
                #expect(outcome.isRepeat && outcome.position == told)
            } else {
                #expect(outcome.position != nil)
            }
        }
        #expect(try harness.open(batch[0].room, in: archive).get().state.head == 4000)
        #expect(Set(again.compactMap { $0.position?.offset }) == Set(1...4000))
    }

    @Test("a commit whose answer was lost is settled by the same drafts, at their first positions")
    func settlesLostAnswer() throws {
        let server = try PostgresServer()
        let harness = try PostgresHarness(on: server)
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive)[0].isStored)
        // Commits wait for a standby that never comes. A backend ended meanwhile has committed and says
        // nothing.
        try server.psql("alter system set synchronous_standby_names = 'ghost'", database: "postgres")
        try server.psql("select pg_reload_conf()", database: "postgres")
        try harness.run {
            try! server.psql("show synchronous_standby_names", database: "postgres") == "ghost"
        }
        var outcomes: [AppendOutcome] = []
        archive.append(try drafts(2...6)) { outcomes += $0.map(\.outcome) }
        var ended = ""
        try harness.run {
            ended = try! server.psql(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where wait_event = 'SyncRep' and query like '%judged%'
                """, database: "postgres")
            return !ended.isEmpty
        }
        #expect(ended == "t" && outcomes.isEmpty)
        try server.psql("alter system reset synchronous_standby_names", database: "postgres")
        try server.psql("select pg_reload_conf()", database: "postgres")
        try harness.run { outcomes.count == 5 }
        #expect(outcomes.allSatisfy { $0.isRepeat })
        #expect(outcomes.map { $0.position?.offset } == [2, 3, 4, 5, 6])
        #expect(try harness.sql("select head from parley.rooms") == "6")
    }

    @Test("another timeline begins a generation before the first append, and forks the room where it stood")
    func takesOver() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        let before = try harness.append(drafts(1...3), to: archive)
        let old = try harness.open(room(), in: archive).get().state
        try harness.sql("update parley.archive set timeline = '0000000A'")
        let after = try harness.append(drafts(1...5), to: archive)
        let state = try harness.open(room(), in: archive).get().state
        #expect(state.generation > old.generation && state.id == old.id)
        #expect(state.forks == old.forks + [Fork(generation: state.generation, first: 4)])
        #expect(after.prefix(3).allSatisfy { $0.isRepeat })
        #expect(after.prefix(3).map(\.position) == before.map(\.position))
        #expect(after.suffix(2).map { $0.position?.offset } == [4, 5])
        #expect(after.suffix(2).allSatisfy { $0.position?.epoch == state.epoch })
        try harness.run { harness.events.contains { if case .notice = $0 { true } else { false } } }
    }

    @Test("the sweep alone finds another history, and everybody is told to compare")
    func sweepTakesOver() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        let old = try harness.open(room(), in: archive).get().state
        try harness.run { harness.news.contains(.compare) }
        let told = harness.news.count
        try harness.sql("update parley.archive set system_id = 1")
        try harness.run { harness.news.dropFirst(told).contains(.compare) }
        #expect(try harness.open(room(), in: archive).get().state.generation > old.generation)
        #expect(try harness.sql("select count(*) from parley.archive where system_id = 1") == "0")
    }

    @Test("a database made read-only answers unavailable, says why, and heals by itself")
    func healsFromReadOnly() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive)[0].isStored)
        let name = harness.database
        try harness.sql("alter database \(name) set default_transaction_read_only = on")
        try harness.cutConnections()
        try harness.run { harness.store.remarks.contains { $0.contains("default_transaction_read_only") } }
        #expect(!harness.store.isHealthy)
        #expect(try harness.append(drafts(2...3), to: archive) == [.unavailable, .unavailable])
        try harness.server.psql(
            "alter database \(name) reset default_transaction_read_only", database: "postgres")
        try harness.settle()
        #expect(try harness.append(drafts(2...3), to: archive).map { $0.position?.offset } == [2, 3])
        try harness.run { harness.events.contains(.writesAgain) }
        #expect(harness.outages == 1)
    }

    @Test("a room whose lock somebody keeps is unavailable, and holds up no other room of its lane")
    func isolatesALockedRoom() throws {
        let harness = try PostgresHarness(lanes: 1)
        let archive = try harness.archive()
        _ = try harness.append(drafts(1...1, room: "held") + drafts(2...2, room: "free"), to: archive)
        let holder = try Session(harness)
        try holder.run("begin; select id from parley.rooms where name = 'held' for no key update;")
        let mixed = try drafts(3...3, room: "held") + drafts(4...4, room: "free")
        let outcomes = try harness.append(mixed, to: archive)
        #expect(outcomes[0] == .unavailable && outcomes[1].position?.offset == 2)
        // The second time nobody waits for the lock.
        let again = try harness.append(mixed, to: archive)
        #expect(again[0] == .unavailable && again[1].isRepeat)
        try holder.run("rollback;")
        #expect(try harness.append(mixed, to: archive).map { $0.position?.offset } == [2, 2])
    }

    @Test("without a server the archive starts, says so once, answers soon, and serves when the server comes")
    func startsWithoutServer() throws {
        let server = try PostgresServer()
        let url = try server.makeDatabase()
        try server.stop()
        let harness = try PostgresHarness(on: server, url: url)
        let archive = try harness.archive()
        #expect(!harness.store.isHealthy && !harness.store.remarks.isEmpty)
        #expect(try harness.append(drafts(1...2), to: archive) == [.unavailable, .unavailable])
        guard case .failure = try harness.open(room(), in: archive) else { return #expect(Bool(false)) }
        try server.start()
        try harness.settle()
        #expect(try harness.append(drafts(1...2), to: archive).allSatisfy { $0.isStored })
        try harness.run { harness.events.contains(.writesAgain) }
        #expect(harness.outages == 1)
    }

    @Test("connections that are cut are made again, and no draft is lost or doubled")
    func survivesCuts() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        try harness.settle()
        var outcomes: [UInt64: AppendOutcome] = [:]
        for round in 0..<20 {
            archive.append(try drafts((round * 100 + 1)...(round * 100 + 100), room: "room-\(round % 6)")) {
                for settlement in $0 { outcomes[settlement.token] = settlement.outcome }
            }
            if round % 4 == 1 { try harness.cutConnections() }
        }
        try harness.run { outcomes.count == 2000 }
        #expect(outcomes.values.count { $0.position == nil } == 0)
        #expect(try harness.sql("select sum(head), count(*) from parley.rooms") == "2000|6")
    }
}

extension PostgresHarness {
    /// Ends every connection of others to the database, as an administrator may.
    func cutConnections() throws {
        try server.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(database)'",
            database: "postgres")
    }

    /// What the log was told that is no outage.
    var notices: [String] { events.compactMap { if case .notice(let text) = $0 { text } else { nil } } }

    /// How often an outage was reported.
    var outages: Int { events.count { if case .cannotWrite = $0 { true } else { false } } }
}
