import Testing

@testable import HTTP1

/// Every class is held, byte by byte, against the set its RFC writes down.
@Suite("RFC 9110 §5.6 and RFC 3986 character classes")
struct CharactersTests {
    private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let digits = "0123456789"

    private func expect(_ allowed: Set<UInt8>, _ isMember: (UInt8) -> Bool) {
        #expect(Set((UInt8.min...UInt8.max).filter(isMember)) == allowed)
    }

    @Test("RFC 9110 §5.6.2: tchar")
    func tokens() {
        expect(Set((Self.letters + Self.digits + "!#$%&'*+-.^_`|~").utf8), \.isTokenCharacter)
        #expect("PATCH".isToken)
        for text in ["", "a b", "a:", "é", "a\r"] { #expect(!text.isToken) }
    }

    @Test("RFC 9110 §5.5: visible bytes, obs-text and blanks inside a field value")
    func fieldValues() {
        expect(Set([0x09]).union(0x20...0x7E).union(0x80...0xFF), \.isFieldValueCharacter)
        for text in ["", "a", "a b", "a\tb", "é"] { #expect(text.isFieldValue) }
        for text in [" a", "a ", "\ta", "a\n", "a\r\nb: c", "\0", "a\u{7F}"] { #expect(!text.isFieldValue) }
    }

    @Test("RFC 9112 §3.2: a target is visible ASCII without a fragment")
    func targets() { expect(Set(0x21...0x7E).subtracting([UInt8(ascii: "#")]), \.isTargetCharacter) }

    @Test("RFC 3986 §3.2.2: reg-name, without what would separate a user name")
    func authorities() {
        expect(Set((Self.letters + Self.digits + "-._~%!$&'()*+;=").utf8), \.isAuthorityCharacter)
    }

    @Test("digits, blanks and letters' cases")
    func small() {
        expect(Set(Self.digits.utf8), \.isDigit)
        expect([0x20, 0x09], \.isBlank)
        for byte in UInt8.min...UInt8.max {
            let text = Unicode.Scalar(byte)
            #expect(byte.hexDigitValue == (text.isASCII ? Character(text).hexDigitValue : nil))
            let isUpper = (0x41...0x5A).contains(byte)
            #expect(byte.lowercasedASCII == (isUpper ? byte + 32 : byte))
        }
    }
}
