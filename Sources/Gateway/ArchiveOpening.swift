import ArchivePostgres
import ArchiveSQLite
import ArchiveThread
import Logging

extension ArchiveLocation {
    /// Opens the archive there; its changes go to the log. Throws what the operator must mend before a start:
    /// a Postgres that is away is no such thing, it may come.
    func open(log: Logger) throws -> any ArchiveStore {
        let report: @Sendable (ArchiveEvent) -> Void = { event in
            switch event {
            case .cannotWrite(let reason):
                log.error("the archive cannot write", metadata: ["reason": "\(reason)"])
            case .writesAgain: log.notice("the archive writes again")
            case .notice(let sentence): log.notice("\(sentence)")
            }
        }
        switch self {
        case .sqlite(let location): return try SQLiteStore.open(location, report: report)
        case .postgres(let target): return try PostgresStore.open(target, report: report)
        }
    }
}
