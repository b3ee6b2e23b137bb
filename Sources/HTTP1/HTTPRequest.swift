/// One whole request: what a peer asked for, with its body decoded. A value; knows no connection.
package struct HTTPRequest: Sendable, Hashable {
    /// The two versions spoken.
    package enum Version: UInt8, Sendable { case http10, http11 }

    /// As sent; methods are case-sensitive (RFC 9110 §9.1).
    package let method: String
    /// Path and query as sent, still percent-encoded: `/api/v1/rooms?limit=10`. `*` only for OPTIONS.
    package let target: String
    /// What the request line says the peer speaks (RFC 9112 §2.3).
    package let version: Version
    /// The header section in the order sent; trailers are no part of it.
    package let fields: HTTPFields
    /// Host and port the peer meant: the target's if it was a whole address, else the Host field's; empty
    /// only in HTTP/1.0.
    package let authority: String
    /// The body without its transfer coding.
    package let body: [UInt8]

    /// A request from its parts, none of which is checked.
    package init(
        method: String, target: String, version: Version = .http11, fields: HTTPFields = [:],
        authority: String = "", body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
        self.authority = authority
        self.body = body
    }

    /// Whether the connection may carry another request after this one (RFC 9112 §9.3).
    package var keepsAlive: Bool {
        if fields.list("Connection", contains: "close") { return false }
        return version == .http11 || fields.list("Connection", contains: "keep-alive")
    }

    /// Whether the request says that it has a body, be it an empty one.
    package var hasFraming: Bool {
        fields["Content-Length"] != nil || fields["Transfer-Encoding"] != nil
    }

    /// The target up to its query, as sent: what a router with fixed routes compares.
    package var path: Substring { target.prefix { $0 != "?" } }

    /// The path's segments, percent-decoded after splitting, so that `%2F` stays inside its segment. `/` has
    /// none, and a slash at the end adds none. Nil if an escape is malformed or a segment is no text.
    package var pathSegments: [String]? {
        var segments: [String] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let segment = PercentEncoding.decode(Substring(part)) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    /// The query's names and values in order, decoded; nil if an escape is malformed or a part is no text.
    package var query: HTTPQuery? {
        let query = target.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        return HTTPQuery(Substring(query))
    }
}

/// The `name=value` pairs of a query, in order; a name may stand several times.
package struct HTTPQuery: Sendable, Hashable {
    /// One pair, decoded. `name` alone has the empty value.
    package struct Item: Sendable, Hashable {
        /// What stands before the first `=`; may be empty.
        package let name: String
        /// What stands behind it; may be empty.
        package let value: String
    }

    /// All pairs as sent.
    package private(set) var items: [Item] = []

    /// Reads the text after the `?`; nil if an escape is malformed or a part is no UTF-8.
    package init?(_ text: Substring) {
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair.dropFirst(name.count + 1)
            guard let name = PercentEncoding.decodeForm(Substring(name)),
                let value = PercentEncoding.decodeForm(Substring(value))
            else { return nil }
            items.append(Item(name: name, value: value))
        }
    }

    /// The value of the first pair with that name.
    package subscript(name: String) -> String? { items.first { $0.name == name }?.value }
}
