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
        for option in ConfigurationOption.all {
            let name = option.key.split(separator: ".").last!
            #expect(lines.count { $0.drop { $0 == " " }.hasPrefix("\(name): ") } == 1)
        }
    }
}
