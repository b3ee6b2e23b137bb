import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import Networking
import TestServers
import Testing
import Time

/// What the archive does with a database it did not make, or that is not as it must be.
@Suite("The schema in Postgres")
struct SchemaKeeperTests {
    private func problem(_ setUp: String) throws -> (remark: String, harness: PostgresHarness) {
        let url = try PostgresServer.shared.makeDatabase()
        let database = String(url.split(separator: "/").last!)
        try PostgresServer.shared.psql(setUp.replacing("DATABASE", with: database), database: database)
        let harness = try PostgresHarness(url: url)
        try harness.run { harness.outages == 1 }
        #expect(!harness.store.isHealthy)
        return (harness.store.remarks.first ?? "", harness)
    }

    @Test("migrate makes the schema, tells its versions, and the second time does nothing")
    func migrates() throws {
        let target = try PostgresTarget(PostgresServer.shared.makeDatabase())
        #expect(try PostgresStore.migrate(target) == (0, 1))
        #expect(try PostgresStore.migrate(target) == (1, 1))
    }

    @Test("new-epoch needs the schema, and begins a later generation each time")
    func beginsGenerations() throws {
        let target = try PostgresTarget(PostgresServer.shared.makeDatabase())
        #expect(throws: PostgresStoreError.older(version: 0, known: 1)) {
            try PostgresStore.newGeneration(target)
        }
        _ = try PostgresStore.migrate(target)
        let first = try PostgresStore.newGeneration(target)
        #expect(try PostgresStore.newGeneration(target) > first)
    }

    @Test("a running archive notices a new epoch, and goes on in it")
    func noticesNewEpoch() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        _ = try harness.append(drafts(1...2), to: archive)
        let generation = try PostgresStore.newGeneration(PostgresTarget(harness.url))
        let outcome = try harness.append(drafts(3...3), to: archive)[0]
        #expect(outcome.position?.offset == 3 && outcome.position?.epoch.parts?.generation == generation)
    }

    @Test("a database of a newer version: both versions are named")
    func refusesNewer() throws {
        let url = try PostgresServer.shared.makeDatabase()
        _ = try PostgresStore.migrate(PostgresTarget(url))
        let database = String(url.split(separator: "/").last!)
        try PostgresServer.shared.psql(
            "insert into parley.migrations values (7, 'parley')", database: database)
        #expect(throws: PostgresStoreError.newer(version: 7, known: 1)) {
            try PostgresStore.migrate(PostgresTarget(url))
        }
        let harness = try PostgresHarness(url: url)
        let archive = try harness.archive()
        #expect(try harness.append(drafts(1...1), to: archive) == [.unavailable])
        #expect(harness.store.remarks.contains { $0.contains("schema 7") && $0.contains("knows 1") })
    }

    @Test("another program's schema is left alone")
    func refusesForeign() throws {
        let (remark, harness) = try problem("create schema parley; create table parley.birds (name text)")
        #expect(remark.contains("another program's"))
        #expect(
            try harness.sql("select count(*) from pg_class where relnamespace = 'parley'::regnamespace")
                == "1")
        let (second, _) = try problem(
            """
            create schema parley;
            create table parley.migrations (version int, program text, applied_at text);
            insert into parley.migrations values (1, 'aviary')
            """)
        #expect(second.contains("another program's"))
    }

    @Test("an empty schema that an administrator made is used")
    func usesEmptySchema() throws {
        let url = try PostgresServer.shared.makeDatabase()
        let database = String(url.split(separator: "/").last!)
        try PostgresServer.shared.psql("create schema parley", database: database)
        #expect(try PostgresStore.migrate(PostgresTarget(url)) == (0, 1))
    }

    @Test("commits that do not wait for the disk are refused, until they do")
    func refusesAsynchronousCommit() throws {
        let (remark, harness) = try problem("alter database DATABASE set synchronous_commit = off")
        #expect(remark.contains("synchronous_commit"))
        try harness.sql("alter database \(harness.database) reset synchronous_commit")
        try harness.settle()
    }

    @Test("a database in another encoding is refused")
    func refusesEncoding() throws {
        let server = try PostgresServer.shared
        try server.psql("drop database if exists latin", database: "postgres")
        try server.psql(
            "create database latin encoding 'LATIN1' locale 'C' template template0", database: "postgres")
        #expect(throws: PostgresStoreError.wrongEncoding(database: "latin", encoding: "LATIN1")) {
            try PostgresStore.migrate(PostgresTarget(server.url(database: "latin")))
        }
    }

    @Test("a missing right is named, with what gives it")
    func namesMissingRights() throws {
        let server = try PostgresServer.shared
        let url = try server.makeDatabase()
        let database = String(url.split(separator: "/").last!)
        try server.psql("drop role if exists poor; create role poor login", database: database)
        let target = try PostgresTarget("postgres://poor@127.0.0.1:\(server.port)/\(database)")
        let noSchema = PostgresStoreError.notPermitted(
            what: "make the schema parley in the database \(database)",
            remedy: "grant create on database \"\(database)\" to \"poor\"")
        #expect(throws: noSchema) { try PostgresStore.migrate(target) }
        try server.psql("create schema parley", database: database)
        let noUse = PostgresStoreError.notPermitted(
            what: "use the schema parley in the database \(database)",
            remedy: "grant usage, create on schema parley to \"poor\"")
        #expect(throws: noUse) { try PostgresStore.migrate(target) }
        try server.psql("grant usage, create on schema parley to poor", database: database)
        #expect(try PostgresStore.migrate(target) == (0, 1))
    }

    @Test("what works but weakly is remarked on")
    func remarksWeakness() throws {
        let harness = try PostgresHarness()
        try harness.settle()
        #expect(harness.store.remarks.count == 1)
        #expect(harness.store.remarks.first?.contains("synchronous_standby_names") == true)
    }
}
