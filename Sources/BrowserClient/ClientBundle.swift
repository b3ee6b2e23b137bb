/// Makes one file of the browser client's modules, so that a page on another origin loads it in one request
/// and never gets modules of two versions.
///
/// It is no JavaScript parser and need not be one. The house rules of the modules make it simple, and the
/// tests hold them to it: an import is one line, an export stands at the beginning of a line, comments have
/// lines of their own, text in backquotes ends on its line, and a name at the top of a module is used by no
/// other module for something else.
enum ClientBundle {
    /// The modules below `entry`, each once and behind those it imports, without imports, comments,
    /// indentation and the word `export`; of `entry` the exports stay.
    ///
    /// - Parameter modules: the text of each module by its file name.
    static func join(_ modules: [String: String], entry: String, banner: String) -> String {
        var order: [String] = []
        collect(entry, modules, into: &order)
        var lines = [banner]
        for name in order {
            append(modules[name] ?? "", keepsExports: name == entry, to: &lines)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func collect(_ name: String, _ modules: [String: String], into order: inout [String]) {
        guard !order.contains(name), let text = modules[name] else { return }
        for line in text.split(separator: "\n") {
            guard line.hasPrefix("import "), let path = line.split(separator: "\"").dropFirst().first else { continue }
            collect(String(path.dropFirst(2)), modules, into: &order)
        }
        order.append(name)
    }

    private static func append(_ text: String, keepsExports: Bool, to lines: inout [String]) {
        var isComment = false
        for line in text.split(separator: "\n") {
            let code = line.drop { $0 == " " }
            if code.hasPrefix("/**") { isComment = true }
            defer { if isComment, line.hasSuffix("*/") { isComment = false } }
            if isComment || code.hasPrefix("//") || line.hasPrefix("import ") { continue }
            let isExport = line.hasPrefix("export ") && !keepsExports
            lines.append(String(isExport ? line.dropFirst(7) : code))
        }
    }
}
