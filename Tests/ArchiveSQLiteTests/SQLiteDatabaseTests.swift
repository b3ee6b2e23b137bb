import Testing

@testable import ArchiveSQLite

@Suite("One connection to SQLite")
struct SQLiteDatabaseTests {
    private let database: SQLiteDatabase

    init() throws {
        database = try SQLiteDatabase(path: ":memory:")
        try database.execute(
            "create table facts (id integer primary key, fact text check (fact <> 'lie')) strict")
    }

    @Test("a transaction that throws did nothing, and the next one begins anew")
    func rollsBack() throws {
        #expect(throws: SQLiteFailure.self) {
            try database.write { () throws(SQLiteFailure) in
                try database.execute("insert into facts values (1, 'a')")
                try database.execute("insert into facts values (2, 'lie')")
            }
        }
        #expect(try database.integer("select count(*) from facts") == 0)
        try database.write { () throws(SQLiteFailure) in
            try database.execute("insert into facts values (1, 'a')")
        }
        #expect(
            try database.read { () throws(SQLiteFailure) in try database.text("select fact from facts") }
                == "a")
    }

    @Test("failures tell whether one statement's values are to blame")
    func tellsFailures() throws {
        let insert = try database.prepare("insert into facts values (?, ?)")
        do { try insert.run([.integer(1), .text("lie")]) } catch { #expect(error.isOfOneStatement) }
        do { try database.execute("insert into elsewhere values (1)") } catch {
            #expect(!error.isOfOneStatement && error.description.contains("no such table: elsewhere"))
        }
        try insert.run([.integer(1), .text("truth")])
        #expect(try database.integer("select count(*) from facts") == 1)
    }

    @Test("a file that cannot be opened is a failure with SQLite's words")
    func cannotOpen() {
        #expect(throws: SQLiteFailure.self) { try SQLiteDatabase(path: "/nowhere/at/all.db") }
    }
}
