import Foundation
import Testing

@Suite("the documents are true")
struct DocumentationTests {
    private static let documents = Repository.paths.filter { $0.hasSuffix(".md") }
    /// First parts of what counts as a path of ours: the root's entries, and the modules'.
    private static let tops: Set<String> = Set(
        Repository.paths.compactMap { $0.split(separator: "/").first.map(String.init) }
    )
    .union(Repository.sources.map(\.module))
    .union(Repository.tests.map(\.module))
    .union(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile"])

    @Test("every path a document names exists", arguments: documents)
    func paths(_ document: String) {
        expectNone(
            DocumentRules.missing(
                document, document: Repository.read(document), tops: Self.tops, exists: Repository.exists))
    }

    @Test("every `make` target a document names exists", arguments: documents)
    func targets(_ document: String) {
        let targets = DocumentRules.makeTargets(Repository.read("Makefile"))
        for mention in DocumentRules.targets(in: Repository.read(document)) {
            #expect(targets[mention.text] != nil, "\(document):\(mention.line): make \(mention.text)")
        }
    }

    @Test("every `make` target has its sentence, and the promised ones are there")
    func makefile() {
        let targets = DocumentRules.makeTargets(Repository.read("Makefile"))
        #expect(targets.filter { $0.value.isEmpty }.keys.sorted() == [])
        for name in ["help", "setup", "run", "test", "check", "format", "lint", "simulate", "fuzz", "bench"] {
            #expect(targets[name] != nil, "make \(name)")
        }
    }

    @Test("decisions are numbered without holes, fit one screen, and say what was given up")
    func decisions() {
        let files = Self.documents.filter { $0.hasPrefix("docs/decisions/") }
        #expect(!files.isEmpty)
        expectNone(DocumentRules.decisions(files.map { ($0, Repository.read($0)) }))
    }

    @Test("the documents a newcomer looks for are there")
    func entrance() {
        for name in ["CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "loadtest/README.md"] {
            #expect(Repository.exists(name), "\(name)")
        }
        #expect(Repository.read("CHANGELOG.md").contains("## Unreleased"))
    }

    @Test("each line of chat.md's JSON blocks is a command, a reply or a push")
    func envelopes() {
        expectNone(
            EnvelopeRules.breaches("protocol/chat.md", document: Repository.read("protocol/chat.md")))
    }
}
