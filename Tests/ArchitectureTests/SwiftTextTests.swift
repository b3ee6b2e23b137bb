import Testing

@Suite("the rules read code, not prose")
struct SwiftTextTests {
    private func code(_ text: String) -> [String] { SwiftText(path: "a.swift", text: text).code }

    @Test("comments are blanked, also nested ones, and the lines stay where they are")
    func comments() {
        #expect(code("a // b\n/* c /* d */\ne */ f") == ["a     ", "            ", "     f"])
    }

    @Test("a literal's inside is blanked, an interpolation's is code")
    func literals() {
        #expect(code(#"x("print(1)")"#) == [#"x("        ")"#])
        #expect(code(#"x("a\(try! b("c"))d")"#) == [#"x("  (try! b(" ")) ")"#])
        #expect(code("x(#\"a\"b\"#) // c") == ["x(#\"   \"#)     "])
        #expect(code("\"\"\"\nFoundation \"x\"\n\"\"\" y") == ["\"\"\"", "              ", "\"\"\" y"])
        #expect(code(#""\\" // x"#) == [#""  "     "#])
    }

    @Test("a word is found whole, not in a longer one and not as a member")
    func words() {
        #expect("  print(1)".hasWords("print("))
        #expect(!"debugPrint(1)".hasWords("print("))
        #expect(!"page.print(1)".hasWords("print("))
        #expect("let x = try! f()".hasWords("try!"))
        #expect("let t = Task { }".hasWords("Task {"))
        #expect(!"let t = TaskList { }".hasWords("Task"))
        #expect("Int.random(in: 0..<2)".hasWords(".random("))
    }
}
