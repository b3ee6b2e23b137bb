/// Why a text was not taken: the rule, and the byte where it was broken.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Which rule.
    package let reason: Reason
    /// Where, in bytes from the start of the span that was read.
    package let offset: Int

    /// The rules, in three families (see `Family`).
    package enum Reason: Equatable, Sendable {
        /// The text ends inside a value.
        case endOfText
        /// A byte that cannot stand here.
        case unexpectedByte(UInt8)
        /// RFC 8259 §8.1: no byte order mark.
        case byteOrderMark
        /// Bytes after the value.
        case trailingBytes
        /// RFC 8259 §7: U+0000 to U+001F stand in a string only escaped.
        case controlCharacter
        /// RFC 8259 §7: no such escape.
        case badEscape
        /// RFC 8259 §8.1 and RFC 3629.
        case invalidUTF8
        /// RFC 8259 §6: not a number's form.
        case badNumber
        /// Neither `true`, `false` nor `null`.
        case badLiteral
        /// `\u0000`: Postgres stores no text that holds it.
        case nullCharacter
        /// Half of a surrogate pair: not a character, and Postgres stores no text that holds one.
        case loneSurrogate
        /// Deeper than `JSONReader.depthLimit`.
        case tooDeep
        /// A value of another kind.
        case expected(JSONKind)
        /// A number with a fraction or an exponent where an integer is wanted.
        case notAnInteger
        /// An integer beyond what is allowed here.
        case integerOutOfRange
    }

    /// What a reason says of the text as a whole.
    package enum Family: Sendable {
        /// It is not JSON.
        case malformed
        /// It may well be JSON, but nobody here will store it.
        case refused
        /// It may well be JSON, but not the kind of value that was asked for.
        case mismatch
    }

    /// An error of this rule at this byte.
    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The reason's family.
    package var family: Family {
        switch reason {
        case .nullCharacter, .loneSurrogate, .tooDeep: .refused
        case .expected, .notAnInteger, .integerOutOfRange: .mismatch
        default: .malformed
        }
    }

    /// What is wrong, in words that follow a field's name or "the text": without the place.
    package var sentence: String {
        switch reason {
        case .endOfText: "ends too early"
        case .unexpectedByte(let byte): "has an unexpected \(Self.spell(byte))"
        case .byteOrderMark: "begins with a byte order mark"
        case .trailingBytes: "goes on after its value"
        case .controlCharacter: "has a control character that is not escaped"
        case .badEscape: "has an escape that JSON does not know"
        case .invalidUTF8: "is not UTF-8"
        case .badNumber: "has a number that is not written as JSON wants it"
        case .badLiteral: "has a word that is neither true, false nor null"
        case .nullCharacter: "holds U+0000, which cannot be stored"
        case .loneSurrogate: "holds half of a surrogate pair, which cannot be stored"
        case .tooDeep: "is nested deeper than \(JSONReader.depthLimit)"
        case .expected(let kind): "must be \(kind.article)"
        case .notAnInteger: "must be an integer, without fraction and exponent"
        case .integerOutOfRange: "is an integer out of range"
        }
    }

    package var description: String { "the text \(sentence), at byte \(offset)" }

    private static func spell(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte)
            ? "'\(Character(Unicode.Scalar(byte)))'"
            : "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    }
}

/// The six kinds of value (RFC 8259 §3).
package enum JSONKind: Sendable {
    case object, array, string, number, boolean, null

    /// The kind with its article, for sentences.
    package var article: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}
