/// Tests mirror sources, and what lies in `protocol/` is used.
enum MirrorRules {
    private static let decisions: Set<String> = ["if", "guard", "for", "while", "switch", "repeat", "catch"]

    /// Whether a file decides anything: a list of cases or a bag of facts needs no test of its own.
    static func hasLogic(_ text: SwiftText) -> Bool {
        text.tokens.indices.contains { index in
            guard decisions.contains(text.tokens[index].text) else { return false }
            // `func send(for id:)` and `.if` decide nothing; `#if` is a word of its own.
            let next = index + 1 < text.tokens.count ? text.tokens[index + 1].text : ""
            return next != ":" && (index == 0 || text.tokens[index - 1].text != ".") && !isLabel(index, text)
        }
    }

    private static func isLabel(_ index: Int, _ text: SwiftText) -> Bool {
        guard index > 0, index + 2 < text.tokens.count else { return false }
        let before = text.tokens[index - 1].text
        return (before == "(" || before == ",") && text.tokens[index + 2].text == ":"
    }

    /// Files with decisions and without a test file of their name. `Reader+Escapes.swift` may be tested in
    /// `ReaderTests.swift`.
    static func untested(
        sources: [SwiftText], tests: [SwiftText], exempt: [String: String] = Allowances.untestedFiles,
        elsewhere: [String: String] = Allowances.testedElsewhere
    ) -> [Breach] {
        let tested = Set(tests.filter { $0.code.contains { $0.contains("@Test") } }.map(\.name))
        func isTested(_ text: SwiftText) -> Bool {
            let type = text.name.split(separator: "+").first.map(String.init) ?? text.name
            return tested.contains(text.name + "Tests") || tested.contains(type + "Tests")
        }
        let missing = sources.filter { hasLogic($0) && !isTested($0) }
        let needed = Set(missing.map(\.path))
        let excused = Set(exempt.keys).union(elsewhere.filter { tested.contains($0.value) }.keys)
        return missing.filter { !excused.contains($0.path) }.map {
            let place = elsewhere[$0.path] ?? $0.name + "Tests"
            return Breach(path: $0.path, message: "decides something and has no \(place).swift")
        }
            + Set(exempt.keys).union(elsewhere.keys).subtracting(needed).sorted().map {
                Breach(path: $0, message: "stands in Allowances as untested, without need")
            }
    }

    /// Vectors and transcripts that no test names.
    static func unused(paths: [String], tests: [(path: String, text: String)]) -> [Breach] {
        paths.filter {
            ($0.hasPrefix("protocol/vectors/") || $0.hasPrefix("protocol/transcripts/"))
                && $0.hasSuffix(".json")
        }
        .filter { path in
            let name = (path.split(separator: "/").last ?? "").dropLast(".json".count)
            return !tests.contains { $0.text.contains(name) }
        }
        .map { Breach(path: $0, message: "no test names it: play it or delete it") }
    }

    /// Placeholders where real files have arrived.
    static func placeholders(_ paths: [String]) -> [Breach] {
        paths.filter { $0.hasSuffix("/_Placeholder.swift") }.filter { path in
            let folder = path.dropLast("_Placeholder.swift".count)
            return paths.contains { $0.hasPrefix(folder) && $0 != path && $0.hasSuffix(".swift") }
        }
        .map { Breach(path: $0, message: "the folder is filled: delete the placeholder") }
    }
}
