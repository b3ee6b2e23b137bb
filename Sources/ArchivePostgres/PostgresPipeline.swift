internal import CLibpq

/// What one `run` of a connection asked, and what was answered so far.
struct PostgresPipeline {
    /// A step that the server answers with one result.
    private enum Step { case prepare(statement: String, as: String), execute }

    /// Who waits for it.
    let completion: (Result<[PostgresRows], PostgresError>) -> Void
    private var steps: [Step] = []
    private var answered = 0
    private var rows: [PostgresRows] = []
    private var error: PostgresError?

    /// Nothing asked yet.
    init(_ completion: @escaping (Result<[PostgresRows], PostgresError>) -> Void) {
        self.completion = completion
    }

    /// What the server answered to all of it.
    var result: Result<[PostgresRows], PostgresError> {
        if let error { .failure(error) } else { .success(rows) }
    }

    /// Hands all of it to libpq; false where libpq takes it not.
    mutating func send(
        _ statements: [(PostgresStatement, [PostgresValue])], on link: OpaquePointer,
        _ prepared: inout PreparedStatements
    ) -> Bool {
        for (statement, values) in statements {
            var name = prepared.names[statement.name]
            if name == nil {
                let fresh = prepared.freshName(for: statement)
                guard PQsendPrepare(link, fresh, statement.sql, 0, nil) == 1 else { return false }
                steps.append(.prepare(statement: statement.name, as: fresh))
                name = fresh
            }
            guard Self.execute(name, values, on: link) else { return false }
            steps.append(.execute)
        }
        return PQpipelineSync(link) == 1
    }

    /// Takes over the result of the next step; false where it is libpq's own word: the connection is lost.
    mutating func answer(_ result: OpaquePointer, _ prepared: inout PreparedStatements) -> Bool {
        // An error may also belong to the Sync, where the transaction commits.
        let step = answered < steps.count ? steps[answered] : nil
        answered += 1
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
            guard case .prepare(let statement, let name)? = step else {
                rows.append(PostgresRows(result))
                return true
            }
            prepared.names[statement] = prepared.names[statement] ?? name
        case PGRES_PIPELINE_ABORTED: break
        default:
            guard let refusal = PostgresError(result) else {
                PQclear(result)
                return false
            }
            error = error ?? refusal
        }
        PQclear(result)
        return true
    }

    private static func execute(_ name: String?, _ values: [PostgresValue], on link: OpaquePointer) -> Bool {
        var buffer: [UInt8] = []
        var ranges: [(start: Int, count: Int)?] = []
        for value in values {
            let start = buffer.count
            ranges.append(value.append(to: &buffer) ? (start, buffer.count - start) : nil)
        }
        // So that even an empty value has a place.
        buffer.append(0)
        return buffer.withUnsafeBytes { bytes in
            let base = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            let pointers = ranges.map { range in range.map { base + $0.start } }
            let counts = ranges.map { Int32($0?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: values.count)
            return PQsendQueryPrepared(link, name, Int32(values.count), pointers, counts, formats, 1) == 1
        }
    }
}

/// Which statements a connection has prepared.
///
/// Every attempt has a name of its own. One under way may still fail with what stands before it in its
/// pipeline, so the next pipeline does not depend on it and prepares again.
struct PreparedStatements {
    /// The server's name of each statement it has confirmed.
    var names: [String: String] = [:]
    private var attempts = 0

    /// A name for the next attempt.
    mutating func freshName(for statement: PostgresStatement) -> String {
        attempts += 1
        return "\(statement.name)_\(attempts)"
    }
}
