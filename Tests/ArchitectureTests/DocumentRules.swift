/// What the documents promise about the tree.
enum DocumentRules {
    /// One thing a document names.
    struct Mention: Hashable {
        var text: String
        var line: Int
    }

    /// The relative targets of Markdown links, and what stands in code spans and looks like a path of ours.
    static func paths(in document: String, tops: Set<String>) -> [Mention] {
        document.lines.enumerated().flatMap { index, line in
            (links(in: line) + spans(in: line).flatMap(words).filter { isPath($0, tops: tops) })
                .map { Mention(text: $0, line: index + 1) }
        }
    }

    /// The paths a document names and `exists` does not know. Links count from the document's folder, code
    /// spans from the root, from Sources or from Tests, with or without `.swift`.
    static func missing(
        _ path: String, document: String, tops: Set<String>, exists: (String) -> Bool
    ) -> [Breach] {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        return paths(in: document, tops: tops).filter { mention in
            let name = mention.text.hasSuffix("/") ? String(mention.text.dropLast()) : mention.text
            let places = ["", "Sources/", "Tests/", folder.isEmpty ? "" : folder + "/"]
            return !places.contains { exists(resolve($0 + name)) || exists(resolve($0 + name + ".swift")) }
        }
        .map { Breach(path: path, line: $0.line, message: "names `\($0.text)`, which does not exist") }
    }

    /// The `make` targets that code spans and blocks of a document call.
    static func targets(in document: String) -> [Mention] {
        var isBlock = false
        return document.lines.enumerated().flatMap { index, line -> [Mention] in
            if line.hasPrefix("```") {
                isBlock.toggle()
                return []
            }
            let texts = isBlock || line.hasPrefix("    ") ? [line] : spans(in: line)
            return texts.flatMap { commands(in: $0) }.map { Mention(text: $0, line: index + 1) }
        }
    }

    /// The targets a Makefile has, with the sentence after `##`; empty where it has none.
    static func makeTargets(_ makefile: String) -> [String: String] {
        var targets: [String: String] = [:]
        for line in makefile.lines {
            guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("\t"), !line.hasPrefix(".") else {
                continue
            }
            let name = line[..<colon]
            guard !name.isEmpty, name.allSatisfy({ $0.isLowercase || $0 == "-" }) else { continue }
            guard !line[colon...].hasPrefix(":=") else { continue }
            let sentence = line.firstRange(of: "## ").map { String(line[$0.upperBound...]) } ?? ""
            targets[String(name)] = sentence
        }
        return targets
    }

    /// What is wrong with the decisions: holes in the numbers, more than one screen, a part that is missing.
    static func decisions(_ files: [(path: String, text: String)]) -> [Breach] {
        files.sorted { $0.path < $1.path }.enumerated().flatMap { index, file -> [Breach] in
            let name = file.path.split(separator: "/").last ?? ""
            let number = String(index + 1)
            let expected = String(repeating: "0", count: 4 - number.count) + number + "-"
            var messages: [String] = []
            if !name.hasPrefix(expected) { messages.append("the next number is \(expected)") }
            if file.text.lines.count > 61 { messages.append("more than 60 lines: one screen") }
            for part in ["## Context", "## Choice", "## What we gave up"]
            where !file.text.lines.contains(part) {
                messages.append("no `\(part)`")
            }
            return messages.map { Breach(path: file.path, message: $0) }
        }
    }

    /// `[text](target)`, without anchors, hosts and schemes.
    private static func links(in line: String) -> [String] {
        line.ranges(of: "](").compactMap { range in
            let target = line[range.upperBound...].prefix { $0 != ")" && $0 != "#" && $0 != " " }
            return target.isEmpty || target.contains(":") ? nil : String(target)
        }
    }

    /// What stands between backquotes.
    static func spans(in line: String) -> [String] {
        line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func words(_ span: String) -> [String] {
        span.split(separator: " ").map(String.init)
    }

    private static func isPath(_ word: String, tops: Set<String>) -> Bool {
        let placeholders = ["*", "<", "…", "NNNN", "{", "$", "="]
        guard !placeholders.contains(where: word.contains) else { return false }
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1 { return tops.contains(String(parts[0])) }
        return tops.contains(word) && word.contains(".")
    }

    private static func commands(in text: String) -> [String] {
        let words = text.split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "&" }).map(String.init)
        return words.indices.filter { words[$0] == "make" && $0 + 1 < words.count }
            .map { words[$0 + 1] }
            .filter { $0.allSatisfy { $0.isLowercase || $0 == "-" } && !$0.hasPrefix("-") }
    }

    /// `a/b/../c` is `a/c`.
    private static func resolve(_ path: String) -> String {
        path.split(separator: "/").reduce(into: [Substring]()) { parts, part in
            if part == "..", !parts.isEmpty { parts.removeLast() } else if part != "." { parts.append(part) }
        }
        .joined(separator: "/")
    }
}
