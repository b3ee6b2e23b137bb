/// The field lines of a message, in the order they were sent. Names compare without regard to ASCII case.
///
/// Holds what it is given: `RequestParser` admits only what RFC 9112 allows, `ResponseWriter` refuses to
/// write the rest.
package struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field line.
    package struct Field: Sendable, Hashable {
        /// As sent; compare it with `isNamed`.
        package let name: String
        /// Without the white space around it. Bytes above 0x7F that are no UTF-8 read as U+FFFD.
        package let value: String

        /// RFC 9110 §5.1: field names are case-insensitive.
        package func isNamed(_ other: String) -> Bool { name.equalsIgnoringCase(other) }
    }

    /// All field lines, oldest first.
    package private(set) var all: [Field] = []

    /// No fields.
    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// How many field lines there are; a name may stand in several.
    package var count: Int { all.count }

    /// Adds a field line after the others; the same name may be there already.
    package mutating func append(_ name: String, _ value: String) {
        all.append(Field(name: name, value: value))
    }

    /// The value of the first field line with that name.
    package subscript(name: String) -> String? {
        for field in all where field.isNamed(name) { return field.value }
        return nil
    }

    /// The values of all field lines with that name.
    package func values(of name: String) -> [String] {
        var values: [String] = []
        for field in all where field.isNamed(name) { values.append(field.value) }
        return values
    }

    /// The members of a comma-separated list field over all its lines, trimmed, empty ones left out
    /// (RFC 9110 §5.6.1).
    package func list(_ name: String) -> [String] {
        var members: [String] = []
        for field in all where field.isNamed(name) {
            for part in field.value.utf8.split(separator: UInt8(ascii: ",")) {
                let member = String(Substring(part).trimmingBlanks)
                if !member.isEmpty { members.append(member) }
            }
        }
        return members
    }

    /// Whether a list field names the token, without regard to case: `Connection: keep-alive, Upgrade`.
    package func list(_ name: String, contains token: String) -> Bool {
        list(name).contains { $0.equalsIgnoringCase(token) }
    }
}

extension StringProtocol {
    /// ASCII letters of either case are equal, all other bytes only to themselves.
    package func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
}

extension Substring {
    /// Without the spaces and tabs around it: RFC 9110 §5.6.3, optional white space.
    var trimmingBlanks: Substring {
        var rest = self.utf8
        while let first = rest.first, first.isBlank { rest.removeFirst() }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return Substring(rest)
    }
}
