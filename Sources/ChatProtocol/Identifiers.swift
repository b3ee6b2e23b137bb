/// Why a name was refused; the description is a sentence for the person who chose it.
package struct IdentifierError: Error, Equatable, CustomStringConvertible {
    /// The sentence.
    package let description: String
    init(_ description: String) { self.description = description }
}

/// A room's name: 1 to 200 bytes of UTF-8 without control characters, outer spaces or `*`.
///
/// Compared byte for byte, never by Unicode equivalence: Swift's `String` would call two rooms one.
package struct RoomName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name's bytes, valid UTF-8.
    package let utf8: [UInt8]

    /// The longest name, in bytes.
    package static let byteLimit = 200

    /// Checks a name; `utf8` is valid UTF-8, as everything that came out of the JSON scanner is.
    package init(_ utf8: [UInt8]) throws(IdentifierError) {
        guard !utf8.isEmpty else { throw IdentifierError("a room's name must not be empty") }
        guard utf8.count <= Self.byteLimit else {
            throw IdentifierError("a room's name has at most \(Self.byteLimit) bytes")
        }
        guard utf8.first != UInt8(ascii: " "), utf8.last != UInt8(ascii: " ") else {
            throw IdentifierError("a room's name must not begin or end with a space")
        }
        guard !utf8.hasControlCharacter else {
            throw IdentifierError("a room's name must not contain control characters")
        }
        guard !utf8.contains(UInt8(ascii: "*")) else {
            throw IdentifierError("a room's name must not contain *")
        }
        self.utf8 = utf8
    }

    /// Checks a name given as text.
    package init(_ text: String) throws(IdentifierError) { try self.init(Array(text.utf8)) }

    /// Names that begin with `$` are Parley's own: clients can neither join nor publish there by choice.
    package var isReserved: Bool { utf8.first == UInt8(ascii: "$") }

    package var description: String { String(decoding: utf8, as: UTF8.self) }

    package static func < (left: RoomName, right: RoomName) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// Who is behind sessions: 1 to 128 bytes of UTF-8 without control characters, compared byte for byte.
package struct UserID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The identifier's bytes, valid UTF-8.
    package let utf8: [UInt8]

    /// The longest identifier, in bytes.
    package static let byteLimit = 128

    /// Checks an identifier; `utf8` is valid UTF-8.
    package init(_ utf8: [UInt8]) throws(IdentifierError) {
        guard !utf8.isEmpty else { throw IdentifierError("a user must not be empty") }
        guard utf8.count <= Self.byteLimit else {
            throw IdentifierError("a user has at most \(Self.byteLimit) bytes")
        }
        guard !utf8.hasControlCharacter else {
            throw IdentifierError("a user must not contain control characters")
        }
        self.utf8 = utf8
    }

    /// Checks an identifier given as text.
    package init(_ text: String) throws(IdentifierError) { try self.init(Array(text.utf8)) }

    package var description: String { String(decoding: utf8, as: UTF8.self) }

    package static func < (left: UserID, right: UserID) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// What a client calls its draft, so that a retry is recognised: 1 to 64 visible ASCII bytes (0x21 to 0x7E).
package struct ClientID: Hashable, Sendable, CustomStringConvertible {
    /// The identifier, ASCII.
    package let description: String

    /// The longest identifier, in bytes.
    package static let byteLimit = 64

    /// Checks an identifier.
    package init(_ text: String) throws(IdentifierError) {
        guard !text.isEmpty, text.utf8.count <= Self.byteLimit,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw IdentifierError("a clientId is 1 to \(Self.byteLimit) visible ASCII characters") }
        description = text
    }
}

/// Whose rooms these are: `[a-z0-9-]{1,63}`. It comes from the token and never stands in a client's frame.
package struct TenantID: Hashable, Sendable, CustomStringConvertible {
    /// The identifier, ASCII.
    package let description: String

    /// The tenant of everybody whose token names none.
    package static let `default` = TenantID(unchecked: "default")

    private init(unchecked text: String) { description = text }

    /// Checks an identifier.
    package init(_ text: String) throws(IdentifierError) {
        let allowed: (UInt8) -> Bool = {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard (1...63).contains(text.utf8.count), text.utf8.allSatisfy(allowed) else {
            throw IdentifierError("a tenant is 1 to 63 of the characters a-z, 0-9 and -")
        }
        description = text
    }
}

extension [UInt8] {
    /// C0 controls, DEL, and the C1 controls (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F).
    var hasControlCharacter: Bool {
        var previous: UInt8 = 0
        for byte in self {
            if byte < 0x20 || byte == 0x7F { return true }
            if previous == 0xC2, (0x80...0x9F).contains(byte) { return true }
            previous = byte
        }
        return false
    }
}
