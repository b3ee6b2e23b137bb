/// Characters of several bytes, as RFC 3629 §4 writes them: no overlong form, no surrogate, none above
/// U+10FFFF.
enum UTF8Character {
    /// How many bytes the character at `index` has, 2 to 4; nil where none begins there or its end is
    /// missing.
    static func length(at index: Int, in bytes: Span<UInt8>) -> Int? {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[index] {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: return nil
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
        for following in (index + 2)..<(index + length) where bytes[following] & 0xC0 != 0x80 { return nil }
        return length
    }
}
