import Testing

@testable import JSON

@Suite("RFC 3629 §4")
struct UTF8CharacterTests {
    @Test("every character of several bytes is known by its length; none is longer than it must be")
    func knowsEveryCharacter() {
        for value in UInt32(0x80)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(UTF8.encode(scalar)!)
            if UTF8Character.length(at: 0, in: bytes.span) != bytes.count {
                Issue.record("U+\(String(value, radix: 16))")
                return
            }
        }
    }

    @Test("first two bytes are taken where Swift's own decoder takes them")
    func agreesWithSwift() {
        for first in UInt8(0x80)...0xFF {
            for second in UInt8.min ... .max {
                let bytes = [first, second, 0x80, 0x80]
                let length = UTF8Character.length(at: 0, in: bytes.span)
                let swift = (2...4).first { String(validating: bytes.prefix($0), as: UTF8.self) != nil }
                #expect(
                    length
                        == (String(validating: [first], as: UTF8.self) == nil
                            ? swift.flatMap { one in
                                String(validating: bytes.prefix(one), as: UTF8.self)?.unicodeScalars.count
                                    == 1 ? one : nil
                            } : nil))
            }
        }
    }
}
