package import Bytes

/// Answers as bytes (RFC 9112 §4). Adds Content-Length, Connection and Date; refuses fields that would break
/// out of their line.
package struct ResponseWriter: Sendable {
    /// Whether the request was HEAD: the answer then says how long its body would be and leaves it out.
    package var omitsBody: Bool
    /// Whether another request may follow; otherwise `Connection: close` says so.
    package var keepsAlive: Bool
    /// An old peer must be told in so many words that the connection stays.
    package var version: HTTPRequest.Version
    /// The value of the Date field; the core has no clock.
    package var date: String?

    /// For an answer to no request, or to a broken one: the connection closes after it.
    package init(date: String? = nil) {
        (omitsBody, keepsAlive, version) = (false, false, .http11)
        self.date = date
    }

    /// For the answer to `request`.
    package init(answering request: HTTPRequest, date: String? = nil) {
        omitsBody = request.method == "HEAD"
        keepsAlive = request.keepsAlive
        version = request.version
        self.date = date
    }

    /// Appends the whole answer. Throws `unwritableField`, having appended nothing, if a field's name is no
    /// token or its value holds a line break or another control byte, or if the field is the writer's own
    /// business.
    package func write(_ response: HTTPResponse, to output: inout ByteWriter) throws(HTTPError) {
        try writeHead(response, bodyCount: response.body.count, to: &output)
        if !omitsBody, !response.status.hasNoBody { output.append(response.body) }
    }

    /// Appends status line and fields of an answer whose body of `bodyCount` bytes the caller queues itself,
    /// by reference; it must not do so if `omitsBody`. `response.body` is not looked at. Throws as `write`
    /// does.
    package func writeHead(
        _ response: HTTPResponse, bodyCount: Int, to output: inout ByteWriter
    ) throws(HTTPError) {
        for field in response.fields.all {
            guard field.name.isToken, field.value.isFieldValue, !isOwnBusiness(field, in: response) else {
                throw .unwritableField
            }
        }
        output.append(literal: "HTTP/1.1 ")
        output.append(decimal: response.status.code)
        output.append(literal: " ")
        output.append(response.status.reason)
        output.append(literal: "\r\n")
        if let date, date.isFieldValue { write("Date", date, to: &output) }
        for field in response.fields.all { write(field.name, field.value, to: &output) }
        // RFC 9110 §8.6: no Content-Length in 1xx and 204; in 304 it would speak of another body.
        if !response.status.hasNoBody { write("Content-Length", String(bodyCount), to: &output) }
        if response.status.code >= 200 {
            if !keepsAlive || response.endsConnection {
                write("Connection", "close", to: &output)
            } else if version == .http10 {
                write("Connection", "keep-alive", to: &output)
            }
        }
        output.append(literal: "\r\n")
    }

    /// Two opinions on where the body ends, or whether the connection does, must never leave. 101 names what
    /// it switches to in Connection, so there the field is the response's.
    private func isOwnBusiness(_ field: HTTPFields.Field, in response: HTTPResponse) -> Bool {
        if field.isNamed("Connection") { return response.status.code >= 200 }
        return field.isNamed("Content-Length") || field.isNamed("Transfer-Encoding") || field.isNamed("Date")
    }

    private func write(_ name: String, _ value: String, to output: inout ByteWriter) {
        output.append(name)
        output.append(literal: ": ")
        output.append(value)
        output.append(literal: "\r\n")
    }
}
