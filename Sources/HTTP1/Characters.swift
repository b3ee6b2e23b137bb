/// The character classes of RFC 9110 §5.6 and RFC 3986.
extension UInt8 {
    /// `A`-`Z` as `a`-`z`, everything else as it is.
    var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// A space or a tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// `0`-`9`.
    var isDigit: Bool { self &- 0x30 < 10 }

    /// The value of a hexadecimal digit.
    var hexDigitValue: Int? {
        if isDigit { return Int(self - 0x30) }
        let letter = lowercasedASCII &- 0x61
        return letter < 6 ? Int(letter) + 10 : nil
    }

    /// RFC 9110 §5.6.2 `tchar`: what a method, a field name or another token is made of.
    var isTokenCharacter: Bool {
        if lowercasedASCII &- 0x61 < 26 || isDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// RFC 9110 §5.5: what may stand in a field value. Above 0x7F is `obs-text`, admitted as opaque.
    var isFieldValueCharacter: Bool { self >= 0x20 ? self != 0x7F : self == 0x09 }

    /// What may stand in a request target: visible ASCII, but no fragment (RFC 9112 §3.2).
    var isTargetCharacter: Bool { self > 0x20 && self < 0x7F && self != UInt8(ascii: "#") }

    /// RFC 3986 §3.2.2: what a host name is made of. No user name before it.
    var isAuthorityCharacter: Bool {
        if lowercasedASCII &- 0x61 < 26 || isDigit { return true }
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"),
            UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="):
            return true
        default: return false
        }
    }
}

extension String {
    /// Whether it is a token of RFC 9110 §5.6.2.
    package var isToken: Bool { !isEmpty && utf8.allSatisfy(\.isTokenCharacter) }

    /// Whether it can stand as a field value: no line break, no control byte, no blank at either end.
    var isFieldValue: Bool {
        guard let first = utf8.first, let last = utf8.last else { return true }
        return !first.isBlank && !last.isBlank && utf8.allSatisfy(\.isFieldValueCharacter)
    }
}
