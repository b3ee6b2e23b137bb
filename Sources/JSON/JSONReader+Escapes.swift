/// What a backslash begins (RFC 8259 §7).
extension JSONReader {
    /// Passes an escape, both halves of a surrogate pair; `offset` stands on the backslash.
    mutating func scanEscape(in bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        offset += 1
        let letter = try byte(in: bytes)
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            try scanUnicodeEscape(from: start, in: bytes)
        default:
            throw JSONError(.badEscape, at: start)
        }
    }

    private mutating func scanUnicodeEscape(from start: Int, in bytes: Span<UInt8>) throws(JSONError) {
        let unit = try scanHexadecimal(from: start, in: bytes)
        if unit == 0, !isTolerant { throw JSONError(.nullCharacter, at: start) }
        guard (0xD800...0xDFFF).contains(unit) else { return }
        if unit < 0xDC00, Self.escapesUnit(at: offset, in: bytes) {
            let beforeSecond = offset
            offset += 2
            let second = try scanHexadecimal(from: beforeSecond, in: bytes)
            if (0xDC00...0xDFFF).contains(second) { return }
            offset = beforeSecond
        }
        if !isTolerant { throw JSONError(.loneSurrogate, at: start) }
    }

    private mutating func scanHexadecimal(
        from start: Int, in bytes: Span<UInt8>
    ) throws(JSONError) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw JSONError(.endOfText, at: bytes.count) }
        guard let unit = Self.hexadecimal(at: offset, in: bytes) else {
            throw JSONError(.badEscape, at: start)
        }
        offset += 4
        return unit
    }

    /// The text of a string's content that was scanned before; half a surrogate pair becomes U+FFFD.
    static func unescaped(_ content: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var index = 0
        while index < content.count {
            let byte = content[index]
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                index += 1
                continue
            }
            let letter = content[index + 1]
            index += 2
            guard letter == UInt8(ascii: "u") else {
                text.append(meaning(of: letter))
                continue
            }
            var scalar = hexadecimal(at: index, in: content) ?? 0xFFFD
            index += 4
            if (0xD800...0xDBFF).contains(scalar), escapesUnit(at: index, in: content),
                let second = hexadecimal(at: index + 2, in: content), (0xDC00...0xDFFF).contains(second)
            {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (second - 0xDC00)
                index += 6
            }
            text.append(contentsOf: Character(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
        }
        return text
    }

    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// Whether `\u` stands here.
    private static func escapesUnit(at index: Int, in bytes: Span<UInt8>) -> Bool {
        index + 6 <= bytes.count && bytes[index] == UInt8(ascii: "\\")
            && bytes[index + 1] == UInt8(ascii: "u")
    }

    /// Four hexadecimal digits as a number; nil where they are not.
    private static func hexadecimal(at index: Int, in bytes: Span<UInt8>) -> UInt32? {
        var unit: UInt32 = 0
        for digit in index..<(index + 4) {
            let value: UInt8
            switch bytes[digit] {
            case let byte where byte &- 0x30 <= 9: value = byte &- 0x30
            case let byte where (byte | 0x20) &- 0x61 <= 5: value = (byte | 0x20) &- 0x61 + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }
}
