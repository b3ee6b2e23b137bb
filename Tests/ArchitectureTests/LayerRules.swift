/// The walls between the modules, held against the `import` lines of the files.
enum LayerRules {
    /// One `import` line.
    struct Import {
        var module: String
        /// What stands before `import`: `package`, `internal`, `@testable` …
        var modifiers: [String]
        var line: Int
    }

    /// Every breach in a file of Sources.
    static func breaches(in text: SwiftText) -> [Breach] {
        guard let module = LayerTable.modules[text.module] else {
            return [
                Breach(path: text.path, message: "no module `\(text.module)` in LayerTable: give it a floor")
            ]
        }
        let isCore = module.floor == 2 || module.floor == 3
        return imports(of: text).flatMap { breaches(of: $0, in: module, text: text) }
            + (isCore ? bannedWords(in: text) : [])
    }

    /// The `import` lines, whatever stands before and after the word.
    static func imports(of text: SwiftText) -> [Import] {
        text.code.enumerated().compactMap { index, line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == ";" }).map(String.init)
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
            let kinds: Set<String> = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
            ]
            let rest = words[(place + 1)...].drop { kinds.contains($0) }
            guard let name = rest.first?.split(separator: ".").first else { return nil }
            return Import(module: String(name), modifiers: Array(words[..<place]), line: index + 1)
        }
    }

    private static func breaches(
        of line: Import, in module: LayerTable.Module, text: SwiftText
    ) -> [Breach] {
        var found: [Breach] = []
        func add(_ message: String) {
            found.append(Breach(path: text.path, line: line.line, message: message))
        }
        let allowed = module.layers.union(module.packages).union(module.system)
        if line.module == text.module {
            add("a module does not import itself")
        } else if !allowed.contains(line.module), line.module != "Swift" {
            add("`\(text.module)` (floor \(module.floor)) may not import `\(line.module)`: see LayerTable")
        }
        if LayerTable.c.contains(line.module), line.modifiers != ["internal"] {
            add("write `internal import \(line.module)`: a C module shows in nobody's interface")
        }
        if line.modifiers.contains("public") || line.modifiers.contains("@_exported") {
            add("imports are plain, `internal` or `package`: the house exports nothing")
        }
        if line.modifiers.contains("@testable") { add("only tests import `@testable`") }
        return found
    }

    private static func bannedWords(in text: SwiftText) -> [Breach] {
        LayerTable.bannedInCores.flatMap { word, instead in
            text.lines(with: word).map {
                Breach(path: text.path, line: $0, message: "no `\(word)` in a core: \(instead)")
            }
        }
    }

    /// The floors as Package.swift has them: the dependencies on our own modules, and the packages' products.
    static func manifest(_ text: String) -> [String: (layers: Set<String>, packages: Set<String>)] {
        let groups = [
            "ground": LayerTable.ground, "protocols": LayerTable.protocols, "chat": ["Chat"],
            "adapters": LayerTable.adapters,
        ]
        let products = text.lines.reduce(into: [String: String]()) { products, line in
            guard line.contains(" = Target.Dependency.product("), let product = line.quoted.first else {
                return
            }
            products[String(line.dropFirst("let ".count).prefix { $0 != " " })] = product
        }
        var floors: [String: (layers: Set<String>, packages: Set<String>)] = [:]
        for call in calls(of: ".layer(", in: text) {
            let (on, packages) = call.split(onFirst: "resources:").before.split(onFirst: "packages:")
            let names = on.quoted
            guard let name = names.first else { continue }
            let spread = groups.filter { on.hasWords(".\($0.key)") || on.contains("+ .\($0.key)") }.values
            floors[name] = (
                spread.reduce(into: Set(names.dropFirst())) { $0.formUnion($1) },
                Set(products.filter { packages.hasWords($0.key) }.values)
            )
        }
        return floors
    }

    /// The arguments of each call of `name`, up to its closing parenthesis.
    private static func calls(of name: String, in text: String) -> [String] {
        text.components(from: name).map { rest in
            var depth = 1
            return String(
                rest.prefix { character in
                    if character == "(" { depth += 1 }
                    if character == ")" { depth -= 1 }
                    return depth > 0
                })
        }
    }
}

extension String {
    /// What follows each place where `mark` stands.
    fileprivate func components(from mark: String) -> [Substring] {
        ranges(of: mark).map { self[$0.upperBound...] }
    }

    fileprivate func split(onFirst mark: String) -> (before: String, after: String) {
        guard let place = firstRange(of: mark) else { return (self, "") }
        return (String(self[..<place.lowerBound]), String(self[place.upperBound...]))
    }

    /// The insides of the literals.
    fileprivate var quoted: [String] {
        split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
