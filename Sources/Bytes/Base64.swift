/// Bytes as RFC 4648 base64 text.
package enum Base64 {
    /// Which characters stand for 62 and 63, and whether the end is padded.
    package enum Alphabet: Sendable {
        /// RFC 4648 §4: `+`, `/`, and `=` up to a multiple of four.
        case standard
        /// RFC 4648 §5 as RFC 7515 uses it: `-`, `_`, and no padding.
        case url
    }

    /// The text of `bytes`.
    package static func encode(_ bytes: Span<UInt8>, _ alphabet: Alphabet = .standard) -> String {
        var writer = ByteWriter(capacity: (bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var held = 0
        for index in bytes.indices {
            group = group << 8 | UInt32(bytes[index])
            held += 1
            if held == 3 {
                appendDigits(4, of: group, alphabet, to: &writer)
                (group, held) = (0, 0)
            }
        }
        if held > 0 {
            appendDigits(held + 1, of: group << UInt32(8 * (3 - held)), alphabet, to: &writer)
            if alphabet == .standard { for _ in held..<3 { writer.append(UInt8(ascii: "=")) } }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The bytes of `text`; nil unless it is exactly what `encode` writes for them: no white space, no
    /// missing or foreign padding, no stray bits behind the last byte.
    package static func decode(_ text: String, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode(Span(_unsafeElements: $0), alphabet) }
    }

    /// The bytes of the characters in `text`; nil as above.
    package static func decode(_ text: Span<UInt8>, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        guard let length = unpaddedLength(of: text, alphabet) else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(length / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits: UInt32 = 0
        for index in 0..<length {
            guard let value = value(of: text[index], alphabet) else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                decoded.append(UInt8(truncatingIfNeeded: group >> bits))
                group &= (1 << bits) - 1
            }
        }
        // RFC 4648 §3.5: the bits behind the last byte must be zero, or two texts would spell the same bytes.
        return group == 0 ? decoded : nil
    }

    /// How many characters carry bits; nil where the length or the padding is impossible.
    private static func unpaddedLength(of text: Span<UInt8>, _ alphabet: Alphabet) -> Int? {
        switch alphabet {
        case .url:
            return text.count % 4 == 1 ? nil : text.count
        case .standard:
            guard text.count % 4 == 0 else { return nil }
            guard text.count > 0, text[text.count - 1] == UInt8(ascii: "=") else { return text.count }
            return text[text.count - 2] == UInt8(ascii: "=") ? text.count - 2 : text.count - 1
        }
    }

    private static func appendDigits(
        _ digits: Int, of group: UInt32, _ alphabet: Alphabet, to writer: inout ByteWriter
    ) {
        for index in 0..<digits {
            writer.append(
                character(UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * index)) & 63, alphabet))
        }
    }

    private static func character(_ value: UInt8, _ alphabet: Alphabet) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: alphabet == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
        default: alphabet == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
        }
    }

    private static func value(of character: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch (character, alphabet) {
        case (UInt8(ascii: "A")...UInt8(ascii: "Z"), _): character - UInt8(ascii: "A")
        case (UInt8(ascii: "a")...UInt8(ascii: "z"), _): character - UInt8(ascii: "a") + 26
        case (UInt8(ascii: "0")...UInt8(ascii: "9"), _): character - UInt8(ascii: "0") + 52
        case (UInt8(ascii: "+"), .standard), (UInt8(ascii: "-"), .url): 62
        case (UInt8(ascii: "/"), .standard), (UInt8(ascii: "_"), .url): 63
        default: nil
        }
    }
}
