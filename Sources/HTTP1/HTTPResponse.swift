/// An answer as a value. Content-Length, Connection and Date are the writer's business and not among
/// `fields`.
package struct HTTPResponse: Sendable, Hashable {
    /// The code and phrase of the status line.
    package var status: HTTPStatus
    /// The header section, in the order it is written.
    package var fields: HTTPFields
    /// The content, without a coding; left out where the status or the request's method allows none.
    package var body: [UInt8]
    /// Whether the connection closes after it although its request was whole: what comes next may not be
    /// what its sender means by it.
    package var endsConnection = false

    /// An answer from its parts.
    package init(_ status: HTTPStatus, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A sentence for a person, as plain text with a line break at its end.
    package init(_ status: HTTPStatus, text: String, fields: HTTPFields = [:]) {
        self.init(status, fields: fields, body: Array((text + "\n").utf8))
        self.fields.append("Content-Type", "text/plain; charset=utf-8")
    }

    /// The answer to a request that broke a rule. The connection is to be closed after it.
    package init(_ error: HTTPError) { self.init(error.status, text: error.sentence) }
}
