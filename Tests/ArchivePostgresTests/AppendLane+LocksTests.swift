import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import TestServers
import Testing

@testable import ArchivePostgres

/// Locks that others keep: what they cost, and what is said of them. Parley's role may see nothing of others.
@Suite("Locks of others")
struct AppendLaneLocksTests {
    /// A database whose schema belongs to a role without any rights beyond it, and an archive in that role.
    private func makeHarness() throws -> PostgresHarness {
        let server = try PostgresServer.shared
        let url = try server.makeDatabase()
        let name = String(url.split(separator: "/").last!)
        try server.psql("create role app_\(name) login", database: name)
        try server.psql("grant create on database \(name) to app_\(name)", database: name)
        let harness = try PostgresHarness(
            url: url.replacing("postgres@", with: "app_\(name)@"), lanes: 1)
        try harness.settle()
        return harness
    }

    @Test(
        "a lock on a table turns the archive red with who holds it, and its end green, with all stored",
        arguments: [
            ("publications", "share"), ("publications", "access exclusive"), ("rooms", "exclusive"),
            ("moves", "share"),
        ])
    func namesWhoBars(table: String, mode: String) throws {
        let harness = try makeHarness()
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive)[0].isStored)
        let holder = try Session(harness, asSuperuser: true)
        try holder.run("begin; lock table parley.\(table) in \(mode) mode")
        let process = try holder.ask(
            PostgresStatement(name: "me", sql: "select pg_backend_pid()::bigint"), []
        )
        .int64(0, 0)
        var outcomes: [AppendOutcome] = []
        archive.append(try drafts(2...3)) { outcomes += $0.map(\.outcome) }
        func names(_ remark: String) -> Bool {
            remark.contains("process \(process) ") && remark.contains("on the table parley.\(table),")
                && remark.contains("pg_terminate_backend(\(process))")
        }
        try harness.run { harness.store.remarks.contains(where: names) }
        #expect(!harness.store.isHealthy && outcomes.isEmpty)
        try holder.run("rollback")
        try harness.run { outcomes.count == 2 }
        #expect(outcomes.map { $0.position?.offset } == [2, 3])
        try harness.settle()
        try harness.run { harness.events.contains(.writesAgain) }
        #expect(harness.outages == 1 && !harness.notices.contains { $0.contains("lock of the room") })
    }

    @Test("drafts that ran out of time leave the archive red, also while nobody writes, until a write may go")
    func staysRed() throws {
        let harness = try makeHarness()
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive)[0].isStored)
        let holder = try Session(harness, asSuperuser: true)
        try holder.run("begin; lock table parley.publications in share mode")
        #expect(try harness.append(drafts(2...2), to: archive) == [.unavailable])
        // By now only probes are under way. They go where appends go, and say no more than those.
        let failures = harness.store.statistics.failedBatches
        try harness.run { harness.store.statistics.failedBatches > failures }
        #expect(!harness.store.isHealthy)
        try holder.run("rollback")
        try harness.settle()
        #expect(try harness.append(drafts(2...2), to: archive)[0].position?.offset == 2)
    }

    @Test("one who waits for a table bars it as well, and is told with whom he waits for")
    func namesWhoWaits() throws {
        let harness = try makeHarness()
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive)[0].isStored)
        let reader = try Session(harness, asSuperuser: true)
        try reader.run("begin; lock table parley.publications in access share mode")
        let waiting = try Session(harness, asSuperuser: true)
        try waiting.begin("begin; lock table parley.publications in access exclusive mode; rollback")
        var outcomes: [AppendOutcome] = []
        try harness.run { try! harness.sql("select count(*) from pg_locks where not granted") != "0" }
        archive.append(try drafts(2...2)) { outcomes += $0.map(\.outcome) }
        try harness.run {
            harness.store.remarks.contains { $0.contains("waits (behind ") && $0.contains("AccessExclusive") }
        }
        try reader.run("rollback")
        try harness.run { outcomes.count == 1 }
        #expect(outcomes[0].position?.offset == 2)
        try harness.settle()
    }

    @Test("a room that somebody is making and does not finish costs only drafts of rooms that are new")
    func isolatesAnUnfinishedRoom() throws {
        let harness = try makeHarness()
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1, room: "old"), to: archive)[0].isStored)
        let maker = try Session(harness, asSuperuser: true)
        try maker.run(
            """
            begin; insert into parley.rooms (tenant, name, generation)
            select tenant, 'new', generation from parley.rooms
            """)
        let mixed = try drafts(2...2, room: "new") + drafts(3...3, room: "old")
        let outcomes = try harness.append(mixed, to: archive)
        #expect(outcomes[0] == .unavailable && outcomes[1].position?.offset == 2)
        #expect(harness.store.isHealthy)
        try maker.run("rollback")
        #expect(try harness.append(mixed, to: archive).map { $0.position?.offset } == [1, 2])
    }

    @Test("a room's lock is told by the room's name, then by its holder, to a role that may see nothing else")
    func namesWhoKeepsARoom() throws {
        let harness = try makeHarness()
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive)[0].isStored)
        let holder = try Session(harness, asSuperuser: true)
        try holder.run("begin; select id from parley.rooms for no key update")
        #expect(try harness.append(drafts(2...2), to: archive) == [.unavailable])
        #expect(try harness.append(drafts(2...2), to: archive) == [.unavailable])
        try harness.run { harness.notices.contains { $0.contains("pg_terminate_backend") } }
        #expect(harness.notices.count { $0.contains("lock of the room lobby") } == 1)
        #expect(harness.notices.contains { $0.contains("of role postgres) has held locks of rooms") })
        #expect(harness.store.isHealthy)
        try holder.run("rollback")
        #expect(try harness.append(drafts(2...2), to: archive)[0].position?.offset == 2)
    }
}
