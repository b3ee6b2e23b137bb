import HTTP1
import Testing

@Suite("RFC 3986 §2.1 percent-encoding")
struct PercentEncodingTests {
    @Test(
        "escapes are resolved in either case, and a plus stays a plus",
        arguments: [
            ("", ""), ("a%20b", "a b"), ("%c3%A9", "é"), ("a+b", "a+b"), ("%25", "%"), ("%2525", "%25"),
        ])
    func decodes(_ text: String, _ expected: String) {
        #expect(PercentEncoding.decode(text[...]) == expected)
    }

    @Test(
        "what is malformed, holds a NUL or is no UTF-8 is refused",
        arguments: ["%", "%2", "a%2", "%g0", "%00", "%C3"])
    func refuses(_ text: String) {
        #expect(PercentEncoding.decode(text[...]) == nil)
    }
}
