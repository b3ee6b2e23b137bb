import ArchivePostgres
import ArchiveSQLite
import Testing

@testable import Gateway

@Suite("ArchiveLocation: where conversations are kept, as it is written")
struct ArchiveLocationTests {
    @Test("a file, a database, or memory")
    func reads() throws {
        #expect(try ArchiveLocation("memory:") == .sqlite(.memory))
        #expect(try ArchiveLocation("sqlite:a b:c.db") == .sqlite(.file("a b:c.db")))
        #expect(try ArchiveLocation("postgres://db") == .postgres(PostgresTarget("postgres://db")))
        #expect(try ArchiveLocation("postgresql://db/c") == .postgres(PostgresTarget("postgresql://db/c")))
    }

    @Test("nothing else", arguments: ["", "sqlite:", "parley.db", "memory", "Postgres://db", "mysql://db"])
    func refuses(_ text: String) throws { #expect(try ArchiveLocation(text) == nil) }

    @Test("an address of Postgres that is malformed says what to write")
    func refusesAddresses() {
        #expect(throws: PostgresTargetError.self) { try ArchiveLocation("postgres://db:port/chat") }
    }

    @Test(
        "it is shown as it is written, without its password",
        arguments: [
            ("memory:", "memory:"), ("sqlite:chat.db", "sqlite:chat.db"),
            ("postgres://ada:secret@db/chat", "postgres://ada:***@db/chat"),
        ])
    func shows(_ text: String, _ shown: String) throws {
        #expect(try ArchiveLocation(text)?.description == shown)
    }
}
