/// Every declaration that another module can see says what it is.
enum CommentRules {
    private static let kinds: Set<String> = [
        "func", "init", "var", "let", "struct", "class", "enum", "protocol", "actor", "typealias",
        "subscript",
        "associatedtype", "macro",
    ]
    private static let modifiers: Set<String> = [
        "package", "public", "static", "final", "mutating", "nonmutating", "nonisolated", "convenience",
        "lazy",
        "weak", "unowned", "override", "required", "indirect", "borrowing", "consuming", "class", "prefix",
        "postfix", "infix", "open", "dynamic", "isolated", "unsafe",
    ]
    /// What fulfils a protocol of the standard library: its meaning is that protocol's.
    private static let witnesses: Set<String> = [
        "description", "debugDescription", "==", "<", "hash", "rawValue", "init(rawValue:", "encode", "next",
        "makeIterator", "startIndex", "endIndex", "allCases", "init(dictionaryLiteral", "init(arrayLiteral",
        "init(stringLiteral",
    ]

    /// Protocols of packages and what they require: documented there.
    private static let foreign: [String: Set<String>] = [
        "LogHandler": ["log", "logLevel", "metadata", "metadataProvider", "subscript"]
    ]

    /// What the visible protocols of the house require, by their names: said once, where it is promised.
    static func requirements(in texts: [SwiftText]) -> [String: Set<String>] {
        texts.reduce(into: foreign) { requirements, text in
            var name: String?
            var depth = 0
            for line in text.code {
                let declaration = Declaration(line, kinds: kinds, modifiers: modifiers)
                if depth == 0 { name = nil }
                if let declaration, declaration.isVisible, declaration.kind == "protocol" {
                    name = declaration.name
                } else if let declaration, let name, depth == 1 {
                    requirements[name, default: []].insert(declaration.name)
                }
                depth += line.depthChange
            }
        }
    }

    /// Declarations without a comment: those marked `package` or `public`, and what a protocol so marked
    /// requires. What fulfils one of `promised`, in a file that names that protocol, needs none.
    static func breaches(in text: SwiftText, promised: [String: Set<String>] = foreign) -> [Breach] {
        let words = Set(text.tokens.map(\.text))
        let kept = promised.filter { words.contains($0.key) }.reduce(into: witnesses) {
            $0.formUnion($1.value)
        }
        var depth = 0
        var requirementDepth: Int?
        var found: [Breach] = []
        for (index, line) in text.code.enumerated() {
            let declaration = Declaration(line, kinds: kinds, modifiers: modifiers)
            if let requirement = requirementDepth, depth < requirement { requirementDepth = nil }
            if let declaration {
                let isRequirement = requirementDepth == depth
                if isRequirement || (declaration.isVisible && !kept.contains(declaration.name)),
                    !hasComment(above: index, in: text.lines)
                {
                    found.append(
                        Breach(
                            path: text.path, line: index + 1,
                            message: "`\(declaration.name)` has no `///`: what it is, units, sizes, errors"))
                }
                if declaration.isVisible, declaration.kind == "protocol" { requirementDepth = depth + 1 }
            }
            depth += line.depthChange
        }
        return found
    }

    private static func hasComment(above index: Int, in lines: [String]) -> Bool {
        var line = index - 1
        while line >= 0 {
            let text = lines[line].drop { $0 == " " }
            if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
            // A run of constants is a table: the comment on top is the table's.
            let isTable = lines[index].contains(" static let ") && text.contains(" static let ")
            guard text.hasPrefix("@") || text.hasPrefix("#") || isTable else { return false }
            line -= 1
        }
        return false
    }

    /// A line that declares something.
    private struct Declaration {
        var kind: String
        var name: String
        var isVisible: Bool

        init?(_ line: String, kinds: Set<String>, modifiers: Set<String>) {
            let words = line.split(separator: " ").map(String.init)
            var isVisible = false
            for (index, word) in words.enumerated() {
                let bare = String(word.prefix { $0 != "(" && $0 != "<" && $0 != "?" })
                // `class func` declares a function, `class Room` a class.
                let isModifier =
                    modifiers.contains(bare)
                    && !(bare == "class" && !kinds.contains(words[after: index] ?? ""))
                if kinds.contains(bare), !isModifier {
                    let rest = bare == "init" ? word : words[after: index] ?? ""
                    self.kind = bare
                    var called = String(rest.prefix { !"(:<{=".contains($0) })
                    if called.isEmpty { called = String(rest.prefix { $0 != "(" }) }
                    name = bare == "subscript" ? bare : bare == "init" ? Self.initialiser(word) : called
                    self.isVisible = isVisible
                    return
                }
                guard isModifier || word.hasPrefix("@") || word.hasSuffix("(set)") else { return nil }
                if word == "package" || word == "public" { isVisible = true }
            }
            return nil
        }

        private static func initialiser(_ word: String) -> String {
            word.firstRange(of: ":").map { String(word[..<$0.upperBound]) } ?? word
        }
    }
}

extension String {
    /// How many braces the line leaves open, or closes.
    fileprivate var depthChange: Int {
        utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "{") ? 1 : $1 == UInt8(ascii: "}") ? -1 : 0) }
    }
}

extension [String] {
    fileprivate subscript(after index: Int) -> String? { index + 1 < count ? self[index + 1] : nil }
}
