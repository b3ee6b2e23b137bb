internal import CLibpq

/// What can go wrong with a connection.
enum PostgresError: Error, Hashable, Sendable {
    /// There is no connection; a sentence that says what to do.
    case cannotConnect(String)
    /// The server refused, and rolled back what was asked in the same `run`. The state is SQL's five
    /// characters.
    case server(sqlState: String, message: String, detail: String?)
    /// The connection ended first: what was asked may have happened or not. A sentence that says why.
    case connectionLost(String)
}

extension PostgresError {
    /// The server's refusal in a result; nil where the server did not speak: then the connection is lost.
    init?(_ result: OpaquePointer) {
        // PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY and PG_DIAG_MESSAGE_DETAIL.
        func field(_ letter: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return nil }
        self = .server(sqlState: state, message: field("M") ?? "", detail: field("D"))
    }
}
