import Testing

@Suite("the document rules find what is planted")
struct DocumentRulesTests {
    private static let tops: Set<String> = ["Sources", "docs", "Chat", "Makefile", "README.md"]

    private func missing(_ text: String, in path: String = "README.md") -> [Int] {
        let tree: Set<String> = [
            "Sources/Chat/Hub.swift", "docs/decisions/0001-a.md", "Makefile", "Tests/ChatTests", "README.md",
        ]
        return DocumentRules.missing(path, document: text, tops: Self.tops, exists: tree.contains).map(\.line)
    }

    @Test("a path that does not exist is found, as a link and in a code span")
    func paths() {
        #expect(
            missing("see `Sources/Chat/Hub.swift`, `Chat/Hub` and [one](docs/decisions/0001-a.md#why)") == [])
        #expect(missing("ok\n`Sources/Chat/Gone.swift`") == [2])
        #expect(missing("`Chat/Gone`") == [1])
        #expect(missing("[a](docs/gone.md)") == [1])
        #expect(missing("[a](../README.md)", in: "docs/a.md") == [])
        #expect(missing("[a](gone.md)", in: "docs/a.md") == [1])
    }

    @Test("addresses, types and patterns are not taken for paths")
    func notPaths() {
        #expect(missing("`/api/v1/rooms`, `application/json`, [a](https://example.org/x), `docs/*.md`") == [])
    }

    @Test("make targets are read from spans and blocks, not from prose")
    func targets() {
        let text = "make sure; `make run`\n```\nmake simulate SEED=1 && make lint\n```\n    make bench"
        #expect(DocumentRules.targets(in: text).map(\.text) == ["run", "simulate", "lint", "bench"])
    }

    @Test("a Makefile's targets come with their sentences")
    func makefile() {
        let text = "SEED ?=\n.PHONY: a\nrun: setup ## Starts it.\n\t@echo run: x\nbare:\n"
        #expect(DocumentRules.makeTargets(text) == ["run": "Starts it.", "bare": ""])
    }

    @Test("a hole in the decisions' numbers, a long one and a missing part are found")
    func decisions() {
        let good = "# A\n## Context\n## Choice\n## What we gave up\n"
        let long = good + String(repeating: "x\n", count: 60)
        func check(_ files: [(String, String)]) -> Int { DocumentRules.decisions(files).count }
        #expect(check([("docs/decisions/0001-a.md", good), ("docs/decisions/0002-b.md", good)]) == 0)
        #expect(check([("docs/decisions/0001-a.md", good), ("docs/decisions/0003-b.md", good)]) == 1)
        #expect(check([("docs/decisions/0001-a.md", long)]) == 1)
        #expect(check([("docs/decisions/0001-a.md", "# A\n## Context\n## Choice\n")]) == 1)
    }

    @Test(
        "envelopes pass",
        arguments: [
            #"{"id":7,"publish":{"room":"a"}}"#, #"{"id":7,"ok":{}}"#, #"{"ping":{}}"#,
            #"{"stream.open":{}}"#,
            #"{"error":{"code":1,"name":"a","message":"b"}}"#,
        ])
    func envelopes(_ line: String) {
        #expect(EnvelopeRules.fault(in: line) == nil)
    }

    @Test(
        "what is no envelope is found",
        arguments: [
            "{", "[]", "{}", #"{"id":7}"#, #"{"join":{},"leave":{}}"#, #"{"id":"7","join":{}}"#,
            #"{"id":-1,"join":{}}"#,
            #"{"join":7}"#, #"{"ok":{}}"#, #"{"id":7,"error":{"code":1}}"#, #"{"a b":{}}"#,
        ])
    func notEnvelopes(_ line: String) {
        #expect(EnvelopeRules.fault(in: line) != nil)
        let document = "```json\n{\"ping\":{}}\n\(line)\n```\n"
        #expect(EnvelopeRules.breaches("a.md", document: document).map(\.line) == [3])
    }
}
