import Foundation

/// The tree this test was compiled from, as the rules read it.
enum Repository {
    /// The folder with Package.swift.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Where text stands that people wrote.
    private static let folders = ["Sources", "Tests", "loadtest", "protocol", "docs", "scripts", ".ci"]
    private static let textExtensions: Set<String> = [
        "swift", "c", "h", "modulemap", "js", "mjs", "css", "html", "py", "sh", "md", "json", "sql", "txt",
        "yaml", "yml", "",
    ]
    /// Fuzzers' inputs and tools' folders are not texts.
    private static let skipped: Set<String> = ["Corpus", "__pycache__", "node_modules"]

    /// Every text of the tree, by path from the root, in order.
    static let paths: [String] = (topLevel + folders.flatMap(walk)).sorted()

    /// The Swift files below a folder, read.
    static func swift(below folder: String) -> [SwiftText] {
        paths.filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".swift") }
            .map { SwiftText(path: $0, text: read($0)) }
    }

    /// Everything in Sources that is Swift.
    static let sources: [SwiftText] = swift(below: "Sources")
    /// Everything in Tests that is Swift.
    static let tests: [SwiftText] = swift(below: "Tests")
    /// The benchmarks' and load generators' Swift.
    static let loadtest: [SwiftText] = swift(below: "loadtest")

    /// A file's text; bytes that are not UTF-8 are replaced.
    static func read(_ path: String) -> String {
        guard let data = FileManager.default.contents(atPath: root.appending(path: path).path) else {
            return ""
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Whether there is such a file or folder.
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static var topLevel: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter {
            ["Package.swift", "Makefile", ".swift-format", ".gitignore"].contains($0) || $0.hasSuffix(".md")
        }
    }

    private static func walk(_ folder: String) -> [String] {
        let below = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        var found: [String] = []
        while let path = below?.nextObject() as? String {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if skipped.contains(name) {
                below?.skipDescendants()
            } else if below?.fileAttributes?[.type] as? FileAttributeType == .typeRegular,
                textExtensions.contains(
                    name.contains(".") ? String(name.split(separator: ".").last ?? "") : "")
            {
                found.append(folder + "/" + path)
            }
        }
        return found
    }
}
