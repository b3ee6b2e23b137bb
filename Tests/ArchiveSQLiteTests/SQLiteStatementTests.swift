import Testing

@testable import ArchiveSQLite

@Suite("A prepared statement")
struct SQLiteStatementTests {
    @Test("texts come back byte for byte, the empty one and NUL included; NULL is not the empty text")
    func keepsTexts() throws {
        let statement = try SQLiteDatabase(path: ":memory:").prepare("select ?, ?, ?, ?")
        let bytes: [UInt8] = [0x65, 0xCC, 0x81, 0x00, 0xF0, 0x9F, 0x98, 0x80]
        try statement.query([.text(bytes), .text([]), .null, .integer(.min)]) { () throws(SQLiteFailure) in
            #expect(try statement.isRow())
            #expect(statement.text(0) == bytes && statement.textCount(0) == 8)
            #expect(statement.isText(0, bytes) && !statement.isText(0, Array(bytes.dropLast())))
            #expect(!statement.isText(0, bytes + [0]) && statement.isText(1, []))
            #expect(!statement.isNull(1) && statement.isNull(2) && statement.text(2) == [])
            #expect(statement.integer(3) == .min)
            #expect(try !statement.isRow())
        }
    }

    @Test("it can be run again, also after a failure half-way")
    func runsAgain() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        let statement = try database.prepare("select value from json_each(?)")
        for _ in 1...2 {
            #expect(throws: SQLiteFailure.self) { try statement.number([.text("[1, ")]) }
            #expect(try statement.number([.text("[7, 8]")]) == 7)
        }
        #expect(throws: SQLiteFailure.self) { try statement.number([.text("[]")]) }
    }

    @Test("a statement outlives its owner's reference to the database")
    func keepsTheDatabase() throws {
        let statement = try SQLiteDatabase(path: ":memory:").prepare("select 1")
        #expect(try statement.number([]) == 1)
    }
}
