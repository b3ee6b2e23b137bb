import Gateway
import Testing

@testable import parley

@Suite("The configuration file")
struct ConfigurationFileTests {
    private func settings(_ text: String) throws -> [Setting] {
        try ConfigurationFile.settings(of: text, path: "p.yaml")
    }

    private func refusal(_ text: String) -> String? {
        do {
            _ = try settings(text)
            return nil
        } catch { return "\(error)" }
    }

    @Test("tables become dotted keys, lists several values, and each knows its line")
    func flattens() throws {
        let text = """
            # What is only here.
            workers: 3
            limits:
              bodyBytes: 4096
            allowedOrigins:
              - https://example.org
              - http://a.example:81
            rooms:
              'live:': {kind: ephemeral}
              'a.b': {kind: stored}
            """
        #expect(
            try settings(text) == [
                Setting(key: "workers", values: ["3"], source: .file("p.yaml", line: 2)),
                Setting(key: "limits.bodyBytes", values: ["4096"], source: .file("p.yaml", line: 4)),
                Setting(
                    key: "allowedOrigins", values: ["https://example.org", "http://a.example:81"],
                    source: .file("p.yaml", line: 5)),
                Setting(key: "rooms.live:.kind", values: ["ephemeral"], source: .file("p.yaml", line: 9)),
                Setting(key: "rooms.a.b.kind", values: ["stored"], source: .file("p.yaml", line: 10)),
            ])
    }

    @Test(
        "values are taken as they are written, not as YAML would read them",
        arguments: ["007", "on", "1e3", "~"])
    func keepsTexts(_ value: String) throws {
        #expect(try settings("workers: \(value)").map(\.values) == [[value]])
    }

    @Test("a file in which nothing stands says nothing", arguments: ["", "\n", "# a comment\n", "---\n"])
    func empty(_ text: String) throws { #expect(try settings(text) == []) }

    @Test(
        "what is no table of values is refused with the place and what to write",
        arguments: [
            ("- a list", "write a table of keys and values"), ("a word", "write a table of keys and values"),
            ("listen: [a", "p.yaml:2: this is not YAML: "),
            ("workers: 1\nworkers: 2", "p.yaml:1: a key stands here twice: workers."),
            ("workers: 1\n? [a, b]\n: 2", "p.yaml:2: a key is a word."),
            ("listen:\n  - [a, b]", "p.yaml:1: listen is a list of single values."),
        ])
    func refuses(_ text: String, _ part: String) {
        #expect(refusal(text)?.hasPrefix("p.yaml") == true)
        #expect(refusal(text)?.contains(part) == true, "\(refusal(text) ?? "accepted")")
    }
}
