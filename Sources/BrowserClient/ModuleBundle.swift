/// Makes one file of many modules, so that a page loads them in one request and never gets modules of two
/// versions.
///
/// It is no JavaScript parser and need not be one. The house rules of the modules make it simple, and the
/// tests hold them to it: an import is one line, an export stands at the beginning of a line, comments have
/// lines of their own, text in backquotes ends on its line, and a name at the top of a module is used by no
/// other module for something else.
enum ModuleBundle {
    /// The modules below `entry`, each once and behind those it imports, without imports of one another,
    /// comments, indentation and the word `export`; of `entry` the exports stay.
    ///
    /// - Parameters:
    ///   - modules: the text of each module by its file name.
    ///   - isShort: whether private names (`#connection`) become short ones; no text of the modules may hold
    ///     a `#` with a letter behind it then.
    static func join(
        _ modules: [String: String], entry: String, banner: String, isShort: Bool = false
    ) -> String {
        var order: [String] = []
        var seen: Set<String> = []
        collect(entry, modules, &seen, into: &order)
        var lines = [banner]
        for name in order {
            append(modules[name] ?? "", keepsExports: name == entry, to: &lines)
        }
        let text = lines.joined(separator: "\n") + "\n"
        return isShort ? withShortNames(text) : text
    }

    /// The private names by their first appearance: `#a`, `#b`, … `#z`, `#aa`, … Outside a class nobody sees
    /// them.
    private static func withShortNames(_ text: String) -> String {
        var short: [Substring: String] = [:]
        return text.replacing(/#([A-Za-z]\w*)/) { match in
            if let known = short[match.1] { return known }
            let letters = Array("abcdefghijklmnopqrstuvwxyz")
            let (first, last) = short.count.quotientAndRemainder(dividingBy: letters.count)
            let name = (first == 0 ? "#" : "#\(letters[first - 1])") + String(letters[last])
            short[match.1] = name
            return name
        }
    }

    /// `seen` ends circles: a module in one stands before another that imports it.
    private static func collect(
        _ name: String, _ modules: [String: String], _ seen: inout Set<String>, into order: inout [String]
    ) {
        guard let text = modules[name], seen.insert(name).inserted else { return }
        for line in text.split(separator: "\n") {
            guard let path = neighbour(in: line) else { continue }
            collect(String(path), modules, &seen, into: &order)
        }
        order.append(name)
    }

    /// The name of the module beside this one that a line imports.
    private static func neighbour(in line: Substring) -> Substring? {
        guard line.hasPrefix("import "), let start = line.firstRange(of: "\"./") else { return nil }
        return line[start.upperBound...].prefix { $0 != "\"" }
    }

    private static func append(_ text: String, keepsExports: Bool, to lines: inout [String]) {
        var isComment = false
        for line in text.split(separator: "\n") {
            let code = line.drop { $0 == " " }
            if code.hasPrefix("/**") { isComment = true }
            defer { if isComment, line.hasSuffix("*/") { isComment = false } }
            if isComment || code.hasPrefix("//") || neighbour(in: line) != nil { continue }
            let isExport = line.hasPrefix("export ") && !keepsExports
            lines.append(String(isExport ? line.dropFirst(7) : code))
        }
    }
}
