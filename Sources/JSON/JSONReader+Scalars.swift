/// The inner loops: strings, numbers and words.
extension JSONReader {
    /// A string as it stands in the text.
    struct ScannedString {
        /// What is between the quotes.
        var content: Range<Int>
        /// Whether it has to be unescaped.
        var hasEscapes: Bool
    }

    /// Passes a string; `offset` stands on its first quote.
    mutating func scanString(in bytes: Span<UInt8>) throws(JSONError) -> ScannedString {
        offset += 1
        let start = offset
        var hasEscapes = false
        while true {
            skipPlainRun(in: bytes)
            switch try byte(in: bytes) {
            case UInt8(ascii: "\""):
                offset += 1
                return ScannedString(content: start..<(offset - 1), hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape(in: bytes)
            case 0x80...:
                guard let length = UTF8Character.length(at: offset, in: bytes) else {
                    throw JSONError(.invalidUTF8, at: offset)
                }
                offset += length
            default:
                throw JSONError(.controlCharacter, at: offset)
            }
        }
    }

    /// Passes a number; false where it has a fraction or an exponent.
    mutating func scanNumber(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        if peek(in: bytes) == UInt8(ascii: "-") { offset += 1 }
        // RFC 8259 §6: no leading zeros.
        if peek(in: bytes) == UInt8(ascii: "0") { offset += 1 } else { try scanDigits(in: bytes) }
        var isInteger = true
        if peek(in: bytes) == UInt8(ascii: ".") {
            isInteger = false
            offset += 1
            try scanDigits(in: bytes)
        }
        if let mark = peek(in: bytes), mark | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset += 1
            if let sign = peek(in: bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                offset += 1
            }
            try scanDigits(in: bytes)
        }
        return isInteger
    }

    /// Passes `true`, `false` or `null`; `offset` stands on the first letter of one of them.
    mutating func scanLiteral(in bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        let word: StaticString =
            switch bytes[start] {
            case UInt8(ascii: "t"): "true"
            case UInt8(ascii: "f"): "false"
            default: "null"
            }
        for index in 0..<word.utf8CodeUnitCount {
            guard let letter = peek(in: bytes) else { throw JSONError(.endOfText, at: offset) }
            // The literal's length bounds the index, and a literal lives for ever.
            guard letter == (unsafe word.utf8Start[index]) else { throw JSONError(.badLiteral, at: start) }
            offset += 1
        }
    }

    /// Passes space, tab, line feed and carriage return, the four of RFC 8259 §2.
    mutating func skipWhiteSpace(in bytes: Span<UInt8>) {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset += 1
        }
    }

    /// The byte at `offset`, which must exist.
    func byte(in bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw JSONError(.endOfText, at: offset) }
        return bytes[offset]
    }

    /// What to say of a byte that cannot stand at `offset`.
    func unexpected(_ byte: UInt8, in bytes: Span<UInt8>) -> JSONError {
        if offset == 0, byte == 0xEF, bytes.count >= 3, bytes[1] == 0xBB, bytes[2] == 0xBF {
            return JSONError(.byteOrderMark, at: 0)
        }
        if byte >= 0x80, UTF8Character.length(at: offset, in: bytes) == nil {
            return JSONError(.invalidUTF8, at: offset)
        }
        return JSONError(.unexpectedByte(byte), at: offset)
    }

    private func peek(in bytes: Span<UInt8>) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func scanDigits(in bytes: Span<UInt8>) throws(JSONError) {
        let first = try byte(in: bytes)
        guard first &- 0x30 <= 9 else { throw JSONError(.badNumber, at: offset) }
        while offset < bytes.count, bytes[offset] &- 0x30 <= 9 { offset += 1 }
    }

    /// Passes bytes that mean themselves, eight at a time.
    private mutating func skipPlainRun(in bytes: Span<UInt8>) {
        let raw = unsafe bytes.bytes
        while offset &+ 8 <= raw.byteCount {
            // The loop's condition keeps the eight bytes within the span.
            let word = unsafe UInt64(
                littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
            let special = Self.specialBytes(of: word)
            if special != 0 {
                offset &+= special.trailingZeroBitCount >> 3
                return
            }
            offset &+= 8
        }
        while offset < bytes.count, Self.isPlain(bytes[offset]) { offset &+= 1 }
    }

    /// Marks quotes, backslashes, controls and bytes of many-byte characters with their top bit. Only the
    /// lowest mark is sure: borrows of the subtractions may put false ones above it.
    private static func specialBytes(of word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let marks =
            ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            | ((word &- ones &* 0x20) & ~word) | word
        return marks & (ones &* 0x80)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
