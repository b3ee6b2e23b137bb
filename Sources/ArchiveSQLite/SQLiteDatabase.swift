internal import CSQLite

/// One connection to SQLite, confined to one thread. It knows SQL, not rooms.
final class SQLiteDatabase {
    let handle: OpaquePointer
    /// The database's file and its log.
    private var places: [FilePlace] = []

    /// Opens or makes the file `path`, an absolute path, or `:memory:`.
    init(path: String) throws(SQLiteFailure) {
        var opened: OpaquePointer?
        // No mutex: one thread only. Extended codes from the first call on.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteFailure(code: code, message: message)
        }
        handle = opened
    }

    deinit { sqlite3_close_v2(handle) }

    /// Whether SQLite fell back to reading only, which it does silently.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// How long a statement waits for another process's lock.
    func setBusyTimeout(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

    /// Runs statements that return nothing.
    func execute(_ sql: String) throws(SQLiteFailure) { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    /// Prepares a statement for many runs.
    func prepare(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        return SQLiteStatement(statement!, of: self)
    }

    /// The first column of a query's first row, a pragma's mostly.
    func integer(_ sql: String) throws(SQLiteFailure) -> Int64 {
        try prepare(sql).number([])
    }

    /// The first column of a query's first row.
    func text(_ sql: String) throws(SQLiteFailure) -> String {
        let statement = try prepare(sql)
        return try statement.isRow() ? String(decoding: statement.text(0), as: UTF8.self) : ""
    }

    /// From now on nothing is written once the database's file, or the log beside it, no longer stands where
    /// it was opened.
    func keepPlace(of path: String) {
        places = [path, path + "-wal"].compactMap(FilePlace.init(path:))
    }

    /// Runs `body` in a transaction that can write; where anything fails, nothing happened.
    func write<Answer>(_ body: () throws(SQLiteFailure) -> Answer) throws(SQLiteFailure) -> Answer {
        guard places.allSatisfy(\.isKept) else {
            throw SQLiteFailure(
                code: SQLITE_READONLY, message: "the database's file or its log was moved or deleted")
        }
        return try transaction("begin immediate", body)
    }

    /// Runs `body` on one snapshot.
    func read<Answer>(_ body: () throws(SQLiteFailure) -> Answer) throws(SQLiteFailure) -> Answer {
        try transaction("begin", body)
    }

    private func transaction<Answer>(
        _ begin: String, _ body: () throws(SQLiteFailure) -> Answer
    ) throws(SQLiteFailure) -> Answer {
        try execute(begin)
        do {
            let answer = try body()
            try execute("commit")
            return answer
        } catch {
            // After a full disk or an I/O error SQLite may have rolled back already.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "rollback", nil, nil, nil) }
            throw error
        }
    }

    func check(_ code: Int32) throws(SQLiteFailure) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    func failure(_ code: Int32) -> SQLiteFailure {
        SQLiteFailure(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }
}
