import ArchiveSQLite
import Testing

@testable import Gateway

@Suite("ArchiveLocation: where conversations are kept, as it is written")
struct ArchiveLocationTests {
    @Test("a file, a database, or memory")
    func reads() {
        #expect(ArchiveLocation("memory:") == .sqlite(.memory))
        #expect(ArchiveLocation("sqlite:a b:c.db") == .sqlite(.file("a b:c.db")))
        #expect(ArchiveLocation("postgres://db") == .postgres("postgres://db"))
        #expect(ArchiveLocation("postgresql://db/chat") == .postgres("postgresql://db/chat"))
    }

    @Test("nothing else", arguments: ["", "sqlite:", "parley.db", "memory", "Postgres://db", "mysql://db"])
    func refuses(_ text: String) { #expect(ArchiveLocation(text) == nil) }

    @Test(
        "it is shown as it is written, without its password",
        arguments: [
            ("memory:", "memory:"), ("sqlite:chat.db", "sqlite:chat.db"),
            ("postgres://ada:secret@db/chat", "postgres://ada:***@db/chat"),
        ])
    func shows(_ text: String, _ shown: String) { #expect(ArchiveLocation(text)?.description == shown) }
}
