import Testing

@testable import Gateway

@Suite("ConfigurationReport: the whole effective configuration, each value with its source")
struct ConfigurationReportTests {
    @Test("every option stands there once, with where its value comes from")
    func reportsEverything() throws {
        let settings = try Settings(
            flags: [Setting(key: "workers", values: ["2"], source: .flag("--workers"))],
            environment: ["PARLEY_LIMITS_QUEUE_BYTES": "70000"],
            file: [Setting(key: "rooms.live:.kind", values: ["ephemeral"], source: .file("p.yaml", line: 4))])
        let lines = ConfigurationReport(settings).text.split(separator: "\n").map(String.init)
        #expect(lines.contains("workers: 2  # --workers"))
        #expect(lines.contains("  queueBytes: 70000  # PARLEY_LIMITS_QUEUE_BYTES"))
        #expect(lines.contains(#"  "live:": {kind: ephemeral}  # p.yaml:4"#))
        #expect(lines.contains(#"listen: ["127.0.0.1:8080"]  # default"#))
        for option in ConfigurationOption.all where option.hasVariable {
            let name = option.key.split(separator: ".").last!
            // What is not set stands there as a comment: an empty text would not be taken back.
            let count = lines.count { $0.drop { " #".contains($0) }.hasPrefix("\(name): ") }
            #expect(count == 1, "\(name)")
        }
    }

    @Test("passwords are not shown, whatever stands around them")
    func masksPasswords() throws {
        let settings = try Settings(
            flags: [
                Setting(
                    key: "archive", values: ["postgres://ada:secret@db:5432/chat?password=secret"],
                    source: .flag("--archive")),
                Setting(
                    key: "broker", values: ["redis://:secret@a,redis://u:secret@b:1"],
                    source: .flag("--broker")),
            ], environment: [:],
            file: [
                Setting(key: "tokens.claims.user", values: ["userId"], source: .file("p.yaml", line: 2)),
                Setting(key: "jwks", values: ["keys.json"], source: .file("p.yaml", line: 3)),
            ])
        let text = ConfigurationReport(settings).text
        #expect(!text.contains("secret@") && !text.contains("=secret"))
        let lines = text.split(separator: "\n").map(String.init)
        #expect(
            lines.contains(#"archive: "postgres://ada:***@db:5432/chat?password=***"  # --archive"#))
        #expect(lines.contains(#"broker: "redis://:***@a,redis://u:***@b:1"  # --broker"#))
        #expect(text.contains("tokens:\n  claims:\n    user: userId  # p.yaml:2\n"))
    }
}
