import Testing

@testable import TokensJWT

@Suite("RFC 7515 §7.1: three base64url parts with dots between them")
struct TokenTextTests {
    @Test("the parts are decoded; what is signed stays as it came")
    func takesApart() throws {
        let text = try TokenText("YQ.YmM.ZGVm")
        #expect(text.header == Array("a".utf8) && text.claims == Array("bc".utf8))
        #expect(text.signature == Array("def".utf8) && text.signed == Array("YQ.YmM".utf8))
    }

    @Test(
        "any other number of parts is refused",
        arguments: ["", "YQ", "YQ.YQ", "YQ.YQ.YQ.YQ", "a.b.c.d.e", "...."])
    func refusesParts(_ token: String) {
        #expect(sentence { try TokenText(token) }?.contains("three parts") == true)
    }

    @Test(
        "what is not base64url to the bit is refused: padding, the other alphabet, blanks, stray bits",
        arguments: [
            "YQ==.YQ.YQ", "YQ.+w.YQ", "YQ.YQ./w", " YQ.YQ.YQ", "YQ.YQ.YQ\n", "YR.YQ.YQ", "Y.YQ.YQ", "é.YQ.YQ",
        ])
    func refusesEncodings(_ token: String) {
        #expect(sentence { try TokenText(token) }?.contains("base64url") == true)
    }

    @Test("a token over 8,192 bytes is not read; one of that length is")
    func isBounded() throws {
        let longest = "YQ.YQ." + String(repeating: "A", count: TokenText.byteLimit - 6)
        #expect(longest.utf8.count == 8_192)
        #expect(sentence { try TokenText(longest.dropLast(2) + "AA") } == nil)
        #expect(sentence { try TokenText(longest + "A") }?.contains("longer than 8192") == true)
    }
}
