/// What every connection is asked before it is used.
enum Greeting {
    static func check(
        _ connection: PostgresConnection,
        completion: @escaping (Result<Void, PostgresStoreError>) -> Void
    ) {
        connection.run([(Queries.greeting, [])]) { result in
            completion(
                result.mapError(PostgresStoreError.init).flatMap { answers in
                    judge(
                        isStandby: answers[0].bool(0, 0), isReadOnly: answers[0].bool(0, 1),
                        isAsynchronous: answers[0].bool(0, 2),
                        version: answers[0].isNull(0, 3) ? 0 : answers[0].int64(0, 3))
                })
        }
    }

    static func judge(
        isStandby: Bool, isReadOnly: Bool, isAsynchronous: Bool, version: Int64
    ) -> Result<Void, PostgresStoreError> {
        let known = Migrations.latestVersion
        // First what passes by itself.
        if isStandby { return .failure(.standby) }
        if isReadOnly { return .failure(.readOnly) }
        if isAsynchronous { return .failure(.asynchronousCommit) }
        if version > known { return .failure(.newer(version: version, known: known)) }
        if version < known { return .failure(.older(version: version, known: known)) }
        return .success(())
    }
}
