/// Somebody's lock on a table that appends need.
struct TableLock: Hashable {
    /// The server's process; 0 for a prepared transaction.
    let process: Int64
    /// The server's name of the transaction, which no later one bears.
    let transaction: String
    let table: String
    let mode: String
    /// Whether it is held; otherwise it is waited for, and later ones wait behind it.
    let isHeld: Bool
    /// Whether no append goes through beside it, of whatever room.
    let barsAll: Bool
    /// Program, role and address, as far as our role may know them.
    let owner: String
    /// The processes that one not held waits for.
    let behind: String

    /// Where nobody who could be named keeps a lock that was not free.
    static let unknown = """
        Postgres gives us no lock in time, and nothing is stored: select pid, pg_blocking_pids(pid) from \
        pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0 shows whom everybody waits for
        """

    /// What an operator is told where appends are barred; nil where they are not.
    static func sentence(barring locks: [TableLock]) -> String? {
        guard let lock = locks.first(where: \.barsAll) else { return nil }
        let deed = lock.isHeld ? "holds" : "waits (behind \(lock.behind)) for"
        return """
            \(lock.who) \(deed) \(lock.mode) on the table parley.\(lock.table), and nothing is stored: \
            \(lock.remedy)
            """
    }

    /// Who has it, in words.
    var who: String {
        process == 0
            ? "a prepared transaction"
            : "the Postgres process \(process)\(owner.isEmpty ? "" : " (\(owner))")"
    }

    /// How it is ended, in words.
    var remedy: String {
        process == 0
            ? "end it with rollback prepared (select gid from pg_prepared_xacts names it)"
            : "wait for it, or end it with select pg_terminate_backend(\(process))"
    }
}

extension TableLock {
    /// What `LockQueries.locks` answered.
    static func all(_ rows: PostgresRows) -> [TableLock] {
        (0..<rows.count).map { row in
            TableLock(
                process: rows.int64(row, 0), transaction: rows.text(row, 1), table: rows.text(row, 2),
                mode: rows.text(row, 3), isHeld: rows.bool(row, 4), barsAll: rows.bool(row, 5),
                owner: rows.text(row, 6), behind: rows.text(row, 7))
        }
    }
}
