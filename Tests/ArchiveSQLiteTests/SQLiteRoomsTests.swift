import Chat
import ChatProtocol
import Testing
import Time

@testable import ArchiveSQLite

@Suite("The archive's verbs in SQL")
struct SQLiteRoomsTests {
    private let database: SQLiteDatabase
    private let rooms: SQLiteRooms
    private let now = WallTime(milliseconds: 1_800_000_000_000)

    init() throws {
        database = try SQLiteDatabase(path: ":memory:")
        try Migrations.run(on: database, from: 0, now: now)
        rooms = try SQLiteRooms(database)
    }

    @Test("a room at the largest offset refuses, and loses nothing")
    func largestOffset() throws {
        let batch = try drafts(1...3)
        _ = try rooms.append(Array(batch[..<1]), at: now)
        try database.execute("update rooms set head = 9007199254740990")
        let outcomes = try rooms.append(Array(batch[1...]), at: now)
        #expect(outcomes.storedOffsets == [9_007_199_254_740_991] && outcomes[1] == .refused)
    }

    @Test("a failed batch left nothing: no room, no fork, no head")
    func failsWhole() throws {
        try database.execute(
            "create trigger fails before update on rooms begin select raise(fail, 'no'); end")
        #expect(throws: SQLiteFailure.self) { try rooms.append(drafts(1...3), at: now) }
        for table in ["rooms", "forks", "publications"] {
            #expect(try database.integer("select count(*) from \(table)") == 0)
        }
    }

    @Test("a generation begins at the present second, or one later than the last")
    func beginsGenerations() throws {
        #expect(rooms.generation == ArchiveGeneration(number: 1_800_000_000))
        try rooms.beginGeneration(at: now)
        #expect(rooms.generation == ArchiveGeneration(number: 1_800_000_001))
        try rooms.beginGeneration(at: WallTime(milliseconds: 1_900_000_000_999))
        #expect(rooms.generation == ArchiveGeneration(number: 1_900_000_000))
        #expect(try SQLiteRooms(database).generation == rooms.generation)
    }

    @Test("a room whose oldest rows are gone begins after them")
    func beginsLater() throws {
        _ = try rooms.append(drafts(1...5), at: now)
        try database.execute("delete from publications where \"offset\" < 4")
        let room = try drafts(1...1)[0].room
        let page = try #require(
            try rooms.page(of: room, .after(0), PageSize(limit: 9, bytes: .max, atLeast: 1)))
        #expect(page.state.first == 4 && page.state.head == 5 && page.publications.count == 2)
        try database.execute("delete from publications")
        let empty = try #require(
            try rooms.page(of: room, .newest, PageSize(limit: 9, bytes: .max, atLeast: 1)))
        #expect(empty.state.first == 6 && empty.state.head == 5)
    }

    @Test("a row that no Parley wrote is a failure, not a crash")
    func corruptRow() throws {
        _ = try rooms.append(drafts(1...1), at: now)
        try database.execute("update publications set client_id = 'with a space'")
        #expect(throws: SQLiteFailure.self) {
            try rooms.page(of: drafts(1...1)[0].room, .newest, PageSize(limit: 1, bytes: 1, atLeast: 1))
        }
    }

    @Test("appends, pages and lists use an index, never a scan")
    func usesIndexes() throws {
        let statements = [
            "select head from rooms where tenant = 'a' and name = 'b'",
            """
            select 1 from publications indexed by publications_by_client
            where room = 1 and user = 'a' and client_id = 'b'
            """,
            "select 1 from publications where room = 1 and \"offset\" < 9 order by \"offset\" desc limit 1",
            "select min(\"offset\") from publications where room = 1",
            """
            select room from memberships
            where tenant = 'a' and user = 'b' and room > '' order by room limit 1
            """,
        ]
        for statement in statements {
            let plan = try database.prepare("explain query plan " + statement)
            try plan.query([]) { () throws(SQLiteFailure) in
                while try plan.isRow() {
                    let step = String(decoding: plan.text(3), as: UTF8.self)
                    #expect(step.hasPrefix("SEARCH"), "\(statement): \(step)")
                }
            }
        }
    }
}
