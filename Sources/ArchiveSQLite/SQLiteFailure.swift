internal import CSQLite

/// SQLite refused something.
struct SQLiteFailure: Error, CustomStringConvertible {
    /// The extended result code.
    let code: Int32
    /// SQLite's own words.
    let message: String

    var description: String { "\(message) (SQLite \(code))" }

    /// The code without its extension.
    var primaryCode: Int32 { code & 0xFF }

    /// Whether one statement's values are to blame: its transaction lives on, and trying again is of no use.
    var isOfOneStatement: Bool {
        primaryCode == SQLITE_CONSTRAINT || primaryCode == SQLITE_TOOBIG || primaryCode == SQLITE_MISMATCH
    }

    /// A row that no Parley wrote.
    static func corrupt(_ what: String) -> SQLiteFailure {
        SQLiteFailure(code: SQLITE_CORRUPT, message: "the database holds a malformed \(what)")
    }
}
