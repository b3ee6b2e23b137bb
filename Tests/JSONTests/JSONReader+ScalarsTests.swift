import Testing

@testable import JSON

@Suite("strings, eight bytes at a time")
struct JSONReaderScalarsTests {
    @Test(
        "a byte that does not mean itself is noticed at every place of a word, whatever surrounds it"
    )
    func noticesEveryByte() {
        for place in 0..<20 {
            for byte in UInt8.min ... .max {
                for filler in [0x61, 0x21, 0x20, 0x7F, 0x23, 0x5B] as [UInt8] {
                    var bytes = [0x22] + [UInt8](repeating: filler, count: 24) + [0x22]
                    bytes[place + 1] = byte
                    var reader = JSONReader()
                    let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
                    let range = try? reader.skip(in: bytes.span)
                    if isPlain {
                        #expect(range == 0..<26)
                    } else if byte == 0x22 {
                        #expect(range == 0..<(place + 2))
                    } else {
                        #expect(range == nil)
                    }
                }
            }
        }
    }

    @Test("characters of several bytes pass at every place of a word")
    func passesCharacters() throws {
        for place in 0..<20 {
            for character in ["é", "€", "😀", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{10FFFF}"] {
                let text = String(repeating: "a", count: place) + character + "bcdefghijk"
                var reader = JSONReader()
                #expect(try reader.string(in: Array("\"\(text)\"".utf8).span) == Array(text.utf8))
            }
        }
    }
}
