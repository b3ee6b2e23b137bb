internal import CSQLite

/// A value for a statement's parameter.
enum SQLiteValue {
    case integer(Int64)
    /// UTF-8.
    case text([UInt8])
    case null

    static func text(_ text: String) -> SQLiteValue { .text(Array(text.utf8)) }
}

/// A prepared statement. Texts are bytes throughout: nothing is normalised or repaired on the way.
final class SQLiteStatement {
    private let handle: OpaquePointer
    /// Outlived by its statements.
    private let database: SQLiteDatabase

    init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it with these parameters, reading nothing.
    func run(_ values: [SQLiteValue]) throws(SQLiteFailure) {
        try query(values) { () throws(SQLiteFailure) in while try isRow() {} }
    }

    /// Runs it with these parameters; the first column of its one row.
    func number(_ values: [SQLiteValue]) throws(SQLiteFailure) -> Int64 {
        try query(values) { () throws(SQLiteFailure) in
            guard try isRow() else { throw .corrupt("answer: a row is missing") }
            let number = integer(0)
            while try isRow() {}
            return number
        }
    }

    /// Runs it with these parameters; `body` takes the rows it wants.
    func query<Answer>(
        _ values: [SQLiteValue], _ body: () throws(SQLiteFailure) -> Answer
    ) throws(SQLiteFailure) -> Answer {
        defer { sqlite3_reset(handle) }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index) + 1) }
        return try body()
    }

    /// Goes to the next row; false where there is none.
    func isRow() throws(SQLiteFailure) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw database.failure(code)
        }
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> [UInt8] { withText(column) { Array($0) } }

    /// The text's length in bytes.
    func textCount(_ column: Int32) -> Int { withText(column) { $0.count } }

    /// Whether the text is these bytes.
    func isText(_ column: Int32, _ bytes: [UInt8]) -> Bool { withText(column) { $0.elementsEqual(bytes) } }

    private func withText<Answer>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Answer) -> Answer {
        // The pointer first: it decides the encoding that the count is of.
        let start = sqlite3_column_text(handle, column)
        return body(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    private func bind(_ value: SQLiteValue, at index: Int32) throws(SQLiteFailure) {
        switch value {
        case .integer(let number): try database.check(sqlite3_bind_int64(handle, index, number))
        case .null: try database.check(sqlite3_bind_null(handle, index))
        case .text(let bytes):
            let code = bytes.withUnsafeBytes { bytes in
                // An empty array may have no address, and no address would bind NULL.
                guard let start = bytes.baseAddress, !bytes.isEmpty else {
                    return sqlite3_bind_text(handle, index, "", 0, SQLiteStatement.copies)
                }
                return sqlite3_bind_text64(
                    handle, index, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
                    SQLiteStatement.copies, UInt8(SQLITE_UTF8))
            }
            try database.check(code)
        }
    }

    /// SQLITE_TRANSIENT, a macro that Swift does not see: SQLite copies the text before it returns.
    private static let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
