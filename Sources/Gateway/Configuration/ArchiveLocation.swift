package import ArchivePostgres
package import ArchiveSQLite

/// Where conversations are kept.
package enum ArchiveLocation: Sendable, Hashable, CustomStringConvertible {
    /// In one file, or in memory: for one process.
    case sqlite(SQLiteLocation)
    /// In a database that many instances share.
    case postgres(PostgresTarget)

    /// The location that is written so; nil where none is. Throws for a Postgres address that is malformed;
    /// the error does not repeat its password.
    init?(_ text: String) throws(PostgresTargetError) {
        if text == "memory:" {
            self = .sqlite(.memory)
        } else if text.hasPrefix("sqlite:"), text.utf8.count > "sqlite:".utf8.count {
            self = .sqlite(.file(String(text.dropFirst("sqlite:".count))))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(try PostgresTarget(text))
        } else {
            return nil
        }
    }

    /// As it may be shown: without a password.
    package var description: String {
        switch self {
        case .sqlite(.memory): "memory:"
        case .sqlite(.file(let path)): "sqlite:\(path)"
        case .postgres(let target): target.description
        }
    }

    /// Whether several instances can use it at once.
    var isShared: Bool {
        if case .postgres = self { true } else { false }
    }
}
