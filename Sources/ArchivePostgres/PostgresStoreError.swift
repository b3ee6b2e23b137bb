/// Why an archive in Postgres cannot be used. The description is a sentence that says what to do.
package enum PostgresStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server cannot be reached or does not let us in; its own sentence.
    case cannotConnect(String)
    /// The server is older than what is asked of it.
    case serverTooOld(version: String)
    /// The database keeps texts in another encoding than UTF-8.
    case wrongEncoding(database: String, encoding: String)
    /// Commits do not wait for the disk.
    case asynchronousCommit
    /// The server is a standby.
    case standby
    /// The server takes no writes.
    case readOnly
    /// A newer Parley has written the schema; versions of it.
    case newer(version: Int64, known: Int64)
    /// The schema is older than this program, and it was not asked to migrate it.
    case older(version: Int64, known: Int64)
    /// The schema `parley` is another program's.
    case notOurs(database: String)
    /// A right is missing, and the SQL that gives it.
    case notPermitted(what: String, remedy: String)
    /// Anything else, in the server's words.
    case failed(String)

    /// Whether an operator must mend it: trying again soon is of no use.
    var needsOperator: Bool {
        switch self {
        case .cannotConnect, .standby, .readOnly, .failed: false
        case .serverTooOld, .wrongEncoding, .asynchronousCommit, .newer, .older, .notOurs, .notPermitted: true
        }
    }

    package var description: String {
        switch self {
        case .cannotConnect(let sentence): sentence
        case .serverTooOld(let version):
            "the Postgres server has version \(version): use version 15 or a later one"
        case .wrongEncoding(let database, let encoding):
            """
            the database \(database) keeps texts as \(encoding): \
            make one with encoding 'UTF8' (create database … encoding 'UTF8' template template0)
            """
        case .asynchronousCommit:
            """
            synchronous_commit is off in Postgres, so that acknowledged publications could be lost: \
            set it to on for this role and database
            """
        case .standby:
            "the Postgres server is a standby and takes no writes: name the primary, or promote this one"
        case .readOnly:
            """
            the Postgres server takes no writes on our connections: \
            set default_transaction_read_only to off for this role and database
            """
        case .newer(let version, let known):
            """
            the database was written by a newer parley (schema \(version), this one knows \(known)): \
            run that version
            """
        case .older(let version, let known):
            "the database has schema \(version), this parley needs \(known): run parley migrate first"
        case .notOurs(let database):
            """
            the schema parley in the database \(database) is another program's: \
            name another database, or rename that schema
            """
        case .notPermitted(let what, let remedy):
            "the Postgres role may not \(what): let an administrator run: \(remedy)"
        case .failed(let reason): "Postgres refuses: \(reason)"
        }
    }
}

extension PostgresStoreError {
    /// What a connection's error means where the outcome does not matter.
    init(_ error: PostgresError) {
        self =
            switch error {
            case .cannotConnect(let sentence): .cannotConnect(sentence)
            case .connectionLost(let reason): .cannotConnect(reason)
            case .server("25006", _, _): .readOnly
            case .server(let state, let message, _): .failed("\(message) (\(state))")
            }
    }
}
