import Testing

@testable import JSON

@Suite("Lines of a frame")
struct JSONLinesTests {
    private func lines(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var lines = JSONLines()
        var found: [String] = []
        while let range = lines.next(in: bytes.span) {
            found.append(String(decoding: bytes[range], as: UTF8.self))
        }
        return found
    }

    @Test(
        "lines are cut at line feeds; blank ones are passed",
        arguments: [
            ("", []), ("\n", []), (" \t\r\n\n", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]),
            ("\na\n\n  \nb\r\n", ["a", "b\r"]), ("a\rb", ["a\rb"]),
        ])
    func cuts(_ text: String, _ expected: [String]) {
        #expect(lines(text) == expected)
    }

    @Test("a line feed is found at every place of a word")
    func findsEveryPlace() {
        for place in 0..<30 {
            for filler in ["\u{B}", "\u{9}", "a", "é"] {
                let first = String(repeating: filler, count: place) + "x"
                #expect(lines(first + "\n" + "yyyyyyyyyyyyy") == [first, "yyyyyyyyyyyyy"])
            }
        }
    }
}
