import Testing
import Time

@testable import ArchiveSQLite

@Suite("The schema")
struct MigrationsTests {
    private func migrated(_ milliseconds: Int64 = 1_800_000_000_000) throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: ":memory:")
        try Migrations.run(on: database, from: 0, now: WallTime(milliseconds: milliseconds))
        return database
    }

    @Test("a new database begins its generation with the present second, also on a machine without a clock")
    func beginsGeneration() throws {
        #expect(try migrated().integer("select generation from archive") == 1_800_000_000)
        #expect(try migrated(0).integer("select generation from archive") == 1)
    }

    @Test("a migrated database bears Parley's mark and version, and is not migrated again")
    func marks() throws {
        let database = try migrated()
        #expect(try database.integer("pragma application_id") == Migrations.applicationID)
        #expect(try database.integer("pragma user_version") == Migrations.latestVersion)
        try Migrations.run(on: database, from: Migrations.latestVersion, now: WallTime(milliseconds: 5))
        #expect(try database.integer("select count(*) from archive") == 1)
    }

    @Test("a step that fails leaves the database as it was")
    func isOneTransaction() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        try database.execute("create table memberships (name text)")
        #expect(throws: SQLiteFailure.self) {
            try Migrations.run(on: database, from: 0, now: WallTime(milliseconds: 5000))
        }
        #expect(try database.integer("pragma user_version") == 0)
        #expect(try database.integer("select count(*) from sqlite_schema") == 1)
    }

    @Test(
        "what must never be stored is refused by the database itself",
        arguments: [
            #"1, 0, 'ann', null, 'c', '1', 0"#, #"1, 9007199254740992, 'ann', null, 'c', '1', 0"#,
            #"1, 2, 'ann', null, 'c', '{', 0"#, #"1, 2, 'ann', null, 'c', '', 0"#,
            #"1, 1, 'bob', null, 'c', '1', 0"#, #"1, 2, 'ann', null, 'c1', '1', 0"#,
        ])
    func refuses(_ values: String) throws {
        let database = try migrated()
        try database.execute("insert into publications values (1, 1, 'ann', null, 'c1', '1', 0)")
        do {
            try database.execute("insert into publications values (\(values))")
            #expect(Bool(false), "stored")
        } catch { #expect(error.isOfOneStatement) }
    }
}
