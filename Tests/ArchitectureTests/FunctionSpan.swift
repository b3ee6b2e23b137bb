/// Where a function, an initialiser, a subscript or a computed property begins and ends.
struct FunctionSpan {
    var name: String
    var firstLine: Int
    var lastLine: Int
    var count: Int { lastLine - firstLine + 1 }

    private static let introducers: Set<String> = ["func", "init", "deinit", "subscript", "var"]
    /// Words that begin the next declaration: what was scanned before them had no body.
    private static let starters: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum", "protocol",
        "extension", "typealias", "package", "private", "fileprivate", "internal", "public", "static",
        "mutating",
        "import", "return", "if", "guard", "for", "while", "switch",
    ]

    static func all(in tokens: [Token]) -> [FunctionSpan] {
        tokens.indices.compactMap { index in
            guard introducers.contains(tokens[index].text), index == 0 || tokens[index - 1].text != "." else {
                return nil
            }
            guard let open = body(after: index, in: tokens), let close = end(of: open, in: tokens) else {
                return nil
            }
            let kind = tokens[index].text
            let isNamed = kind == "func" || kind == "var"
            return FunctionSpan(
                name: isNamed && index + 1 < tokens.count ? tokens[index + 1].text : kind,
                firstLine: tokens[index].line, lastLine: tokens[close].line)
        }
    }

    /// The brace that opens the body of the declaration at `start`; nil where there is none.
    private static func body(after start: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        for index in tokens.indices[(start + 1)...] {
            let token = tokens[index]
            switch token.text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return index
            case "}" where depth == 0: return nil
            case "=" where depth == 0 && tokens[start].text == "var": return nil
            default:
                if depth < 0 { return nil }
                if depth == 0, token.line > tokens[start].line, starters.contains(token.text) { return nil }
            }
        }
        return nil
    }

    private static func end(of open: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        for index in tokens.indices[open...] {
            if tokens[index].text == "{" { depth += 1 }
            if tokens[index].text == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}
