/// Looks at a database, brings its schema up to date where that is asked, and says what it found. One use of
/// one connection; what fails in the middle leaves the connection to be closed.
final class SchemaKeeper {
    /// What was found.
    struct Finding {
        /// The versions before (0: the schema was made) and after.
        var from: Int64
        var to: Int64
        var clusterKey: [UInt8]
        var weaknesses: [String]
    }

    typealias Completion = (Result<Finding, PostgresStoreError>) -> Void

    private let connection: PostgresConnection
    private let migrates: Bool
    private let completion: Completion
    private var from: Int64?
    private var isLocked = false
    private var weaknesses: [String] = []

    /// Keeps the schema behind `connection`; without `migrates` an older one is an error.
    static func prepare(
        _ connection: PostgresConnection, migrates: Bool, completion: @escaping Completion
    ) {
        SchemaKeeper(connection, migrates, completion).look()
    }

    private init(_ connection: PostgresConnection, _ migrates: Bool, _ completion: @escaping Completion) {
        self.connection = connection
        self.migrates = migrates
        self.completion = completion
    }

    private func look() {
        connection.run([(SchemaFacts.statement, [])]) { [self] result in
            switch result {
            case .failure(let error): fail(PostgresStoreError(error))
            case .success(let answers):
                let facts = SchemaFacts(answers[0])
                weaknesses = facts.weaknesses
                if let refusal = facts.refusal { return fail(refusal) }
                if facts.hasMigrations { readVersion(facts) } else { judge(0, facts) }
            }
        }
    }

    private func readVersion(_ facts: SchemaFacts) {
        let statement = PostgresStatement(
            name: "version",
            sql: """
                select coalesce(max(version), 0)::bigint, coalesce(bool_and(program = 'parley'), true)
                from parley.migrations
                """)
        connection.run([(statement, [])]) { [self] result in
            switch result {
            case .failure(.server("42501", _, _)):
                fail(
                    .notPermitted(
                        what: "read the tables of the schema parley",
                        remedy: "grant all on all tables in schema parley to \"\(facts.role)\""))
            case .failure(.server(let state, _, _)) where state.hasPrefix("42"):
                fail(.notOurs(database: facts.database))
            case .failure(let error): fail(PostgresStoreError(error))
            case .success(let answers):
                guard answers[0].bool(0, 1) else { return fail(.notOurs(database: facts.database)) }
                judge(answers[0].int64(0, 0), facts)
            }
        }
    }

    private func judge(_ version: Int64, _ facts: SchemaFacts) {
        let known = Migrations.latestVersion
        from = from ?? version
        if version > known { return fail(.newer(version: version, known: known)) }
        if version == known { return isLocked ? unlock() : readArchive() }
        guard migrates else { return fail(.older(version: version, known: known)) }
        if let missing = facts.missingRight { return fail(missing) }
        isLocked ? step(from: version) : lock()
    }

    /// Only one migrates; who waited for it looks again.
    private func lock() {
        run("select pg_advisory_lock(\(Migrations.lock))") { [self] in
            isLocked = true
            from = nil
            look()
        }
    }

    private func step(from version: Int64) { run(Migrations.script(from: version)) { [self] in look() } }

    private func unlock() {
        run("select pg_advisory_unlock(\(Migrations.lock))") { [self] in readArchive() }
    }

    private func readArchive() {
        let statement = PostgresStatement(name: "cluster_key", sql: "select cluster_key from parley.archive")
        connection.run([(statement, [])]) { [self] result in
            switch result {
            case .failure(let error): fail(PostgresStoreError(error))
            case .success(let answers):
                guard answers[0].count == 1 else {
                    return fail(.failed("the table parley.archive is empty; restore it from a backup"))
                }
                let to = Migrations.latestVersion
                completion(
                    .success(
                        Finding(
                            from: from ?? to, to: to, clusterKey: answers[0].bytes(0, 0),
                            weaknesses: weaknesses)))
            }
        }
    }

    private func run(_ script: String, then next: @escaping () -> Void) {
        connection.runScript(script) { [self] result in
            switch result {
            case .success: next()
            case .failure(let error): fail(PostgresStoreError(error))
            }
        }
    }

    private func fail(_ error: PostgresStoreError) { completion(.failure(error)) }
}
