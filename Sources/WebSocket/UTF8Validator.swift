/// Checks text that comes in pieces (RFC 3629), and refuses at the first byte that no text can have there: no
/// overlong forms, no surrogates, nothing above U+10FFFF.
package struct UTF8Validator: Sendable, Hashable {
    /// How many bytes the character begun still needs, and the range of the next.
    private var needed: UInt8 = 0
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    /// A validator at the beginning of a text.
    package init() {}

    /// Whether the text may end here: no character lacks its rest.
    package var isComplete: Bool { needed == 0 }

    /// Goes on with the text. Returns the index of the first wrong byte, after which the validator must not
    /// be used again; nil if all may stand.
    package mutating func firstInvalid(in text: Span<UInt8>) -> Int? {
        var index = 0
        while index < text.count {
            if needed == 0 {
                index = Self.skipASCII(text, from: index)
                guard index < text.count else { return nil }
                guard begin(with: text[index]) else { return index }
            } else {
                let byte = text[index]
                guard byte >= lower, byte <= upper else { return index }
                needed &-= 1
                (lower, upper) = (0x80, 0xBF)
            }
            index &+= 1
        }
        return nil
    }

    /// The index of the first byte from `start` on that is not ASCII, or the end.
    private static func skipASCII(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        // Eight at a time; the loop's condition is the bounds check.
        let raw = unsafe text.bytes
        while index &+ 8 <= text.count {
            let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            guard word & 0x8080_8080_8080_8080 == 0 else { break }
            index &+= 8
        }
        while index < text.count, text[index] < 0x80 { index &+= 1 }
        return index
    }

    /// Unicode 16, table 3-7: what the first byte says about the second.
    private mutating func begin(with byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: needed = 1
        case 0xE0: (needed, lower) = (2, 0xA0)
        case 0xED: (needed, upper) = (2, 0x9F)
        case 0xE1...0xEF: needed = 2
        case 0xF0: (needed, lower) = (3, 0x90)
        case 0xF1...0xF3: needed = 3
        case 0xF4: (needed, upper) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
