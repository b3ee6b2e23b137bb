/// A statement with parameters `$1`, `$2` …; prepared once on each connection, on its first use, inside the
/// same pipeline.
///
/// Parameters and columns travel in binary form, so the text says the types of what it does not compare or
/// store: `$1::int8`.
struct PostgresStatement: Sendable {
    /// Names it among all statements of a connection.
    let name: String
    /// One statement, without a semicolon.
    let sql: String
}
