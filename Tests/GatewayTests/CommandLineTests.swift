import Foundation
import Testing

@testable import Gateway

@Suite("parley's command line: what was asked wrongly is told with its place, and exits 2")
struct CommandLineTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func check(_ yaml: String, _ arguments: [String] = []) throws -> TestProgram.Outcome {
        try TestProgram.run(["check-config", "--config", try folder.file("parley.yaml", yaml)] + arguments)
    }

    @Test("the flags are those of the option table, with its sentences, and no others")
    func hasTheTablesFlags() throws {
        let help = try TestProgram.run(["serve", "--help"])
        #expect(help.status == 0)
        let flags = Set(help.output.matches(of: /--[a-z-]+/).map { String($0.0) })
        let table = ConfigurationOption.all.filter(\.hasFlag).map(\.flag)
        #expect(flags == Set(table + ["--config", "--help", "--version"]).intersection(flags))
        #expect(flags.isSuperset(of: table + ["--config"]))
        // Lines are folded: the sentences are looked for without regard to blanks.
        let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for option in ConfigurationOption.all where option.hasFlag {
            #expect(words.contains(option.sentence))
        }
    }

    @Test("file, variable and flag all arrive, and the report says which won")
    func joinsSources() throws {
        let file = try folder.file("parley.yaml", "workers: 1\nlogLevel: debug\nlimits:\n  bodyBytes: 2048\n")
        let outcome = try TestProgram.run(
            ["check-config", "--log-level", "error"],
            environment: ["PARLEY_CONFIG": file, "PARLEY_WORKERS": "2"])
        #expect(outcome.status == 0 && outcome.complaint.isEmpty)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("workers: 2  # PARLEY_WORKERS"))
        #expect(lines.contains("logLevel: error  # --log-level"))
        #expect(lines.contains("  bodyBytes: 2048  # \(file):4"))
        #expect(lines.contains("  pingMs: 25000  # default"))
    }

    @Test("the report, read back as a file, gives the same settings")
    func readsItsReport() throws {
        let yaml = """
            listen: [127.0.0.1:18080, "[::1]:18081"]
            archive: "sqlite:odd \\"name\\"\\n\\u0085 \\\\ #x.db"
            allowedOrigins: [https://a.example, http://b.example:81]
            rooms: {"live:": {kind: ephemeral}, "": {kind: stored}, "é.kind": {kind: ephemeral}}
            heartbeat: {pingMs: 1234}
            """
        let first = try check(yaml, ["--insecure", "--workers", "3"])
        #expect(first.status == 0, "\(first.complaint)")
        let second = try check(first.output)
        #expect(second.status == 0, "\(second.complaint)")
        func values(_ report: String) -> [Substring] {
            report.split(separator: "\n").map { line in
                line.range(of: "  # ", options: .backwards).map { line[..<$0.lowerBound] } ?? line
            }
        }
        #expect(values(first.output) == values(second.output))
        #expect(values(first.output).contains(#"  "é.kind": {kind: ephemeral}"#))
    }

    @Test(
        "a file that is wrong is told with its line",
        arguments: [
            (
                "workers: 1\nlimts:\n  bodyBytes: 9\n",
                ":3: there is no key limts.bodyBytes: did you mean limits.bodyBytes?"
            ),
            ("\nworkers: many\n", ":2: workers is a whole number"),
            ("workers: [1, 2]\n", ":1: workers is one value, not a list."),
            ("- a\n", "write a table of keys and values"),
            ("a: [\n", "is not YAML"),
            ("listen: []\n", ":1: listen is at least one ADDRESS:PORT"),
            ("listen: [[a]]\n", ":1: listen is a list of single values."),
            ("workers: 1\nworkers: 2\n", ":1: a key stands here twice: workers."),
        ])
    func refusesFiles(_ yaml: String, _ says: String) throws {
        let outcome = try check(yaml)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.complaint.hasPrefix("parley: "))
        #expect(outcome.complaint.contains(says), "\(outcome.complaint)")
    }

    @Test("an empty file is no mistake; one that is not there is")
    func readsEmptyFiles() throws {
        #expect(try check("").status == 0)
        #expect(try check("# nothing\n").status == 0)
        let missing = try TestProgram.run(["check-config", "--config", folder.path("missing.yaml")])
        #expect(missing.status == 2 && missing.complaint.contains("cannot be read"))
    }

    @Test(
        "wrong flags, variables and commands exit 2 with a sentence",
        arguments: [
            (["serve", "--workrs", "1"], [:], "--workrs"), (["serve", "--listen", "8080"], [:], "--listen"),
            (["swerve"], [:], "swerve"),
            (["serve", "--listen", "0.0.0.0:0"], [:], "--insecure"),
            (["serve"], ["PARLEY_WORKER": "1"], "did you mean PARLEY_WORKERS?"),
            (["migrate", "--archive", "memory:"], [:], "sqlite:FILE"),
            (["serve", "--broker", "redis://a"], [:], "--broker: Redis joins instances"),
            (["serve", "--archive", "pg://ada:secret@db"], [:], "not pg://ada:***@db."),
        ] as [([String], [String: String], String)])
    func refusesArguments(_ arguments: [String], _ environment: [String: String], _ says: String) throws {
        let outcome = try TestProgram.run(arguments, environment: environment)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains(says), "\(outcome.complaint)")
    }
}
