import Testing

@testable import TokensJWT

@Suite("TokenJSON: RFC 8259 without mercy, and without repeating the text")
struct TokenJSONTests {
    @Test("names of any length come whole, escapes resolved")
    func readsNames() throws {
        let long = "https://example.org/claims/tenant"
        var json = TokenJSON(Array(#"{"\u0061b":1,"\#(long)":2}"#.utf8))
        try json.beginObject()
        #expect(try json.nextName() == "ab")
        try json.skip()
        #expect(try json.nextName() == long)
        #expect(try json.number() == 2)
        #expect(try json.nextName() == nil)
        try json.end()
    }

    @Test(
        "numbers come with their fractions and exponents",
        arguments: [
            ("0", 0), ("-0", 0), ("1.5", 1.5), ("1e3", 1_000), ("-2.5E-1", -0.25), ("1e999", .infinity),
        ] as [(String, Double)])
    func readsNumbers(_ text: String, _ value: Double) throws {
        var json = TokenJSON(Array(text.utf8))
        #expect(try json.number() == value)
    }

    @Test(
        "a fault says what is wrong and shows none of the text",
        arguments: [
            ("-", "is not JSON"), ("1x", "is not JSON"), ("\u{FEFF}1", "is not JSON"),
            ("\"a\"", "must be a number"),
        ])
    func faults(_ text: String, _ says: String) {
        #expect(throws: TokenJSONFault(says)) {
            var json = TokenJSON(Array(text.utf8))
            _ = try json.number()
            try json.end()
        }
    }
}
