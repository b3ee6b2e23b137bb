import ArgumentParser
import Gateway
import Testing

@testable import parley

@Suite("The flags of a configuration")
struct ConfigurationArgumentsTests {
    @Test("what is not said on the command line is no setting")
    func nothing() throws { #expect(try ConfigurationArguments.parse([]).flags == []) }

    @Test("each flag becomes the setting of its option, a repeated --listen one of several values")
    func flags() throws {
        let arguments = try ConfigurationArguments.parse([
            "--listen", "127.0.0.1:1", "--workers", "x", "--archive", "memory:", "--insecure", "--log-level",
            "debug", "--log-format", "json", "--listen", "[::1]:2", "--config", "p.yaml", "--broker",
            "redis://a", "--secret-file", "secret", "--jwks", "keys.json",
        ])
        #expect(arguments.config == "p.yaml")
        #expect(
            arguments.flags == [
                Setting(key: "listen", values: ["127.0.0.1:1", "[::1]:2"], source: .flag("--listen")),
                Setting(key: "workers", values: ["x"], source: .flag("--workers")),
                Setting(key: "archive", values: ["memory:"], source: .flag("--archive")),
                Setting(key: "broker", values: ["redis://a"], source: .flag("--broker")),
                Setting(key: "secretFile", values: ["secret"], source: .flag("--secret-file")),
                Setting(key: "jwks", values: ["keys.json"], source: .flag("--jwks")),
                Setting(key: "insecure", values: ["true"], source: .flag("--insecure")),
                Setting(key: "logLevel", values: ["debug"], source: .flag("--log-level")),
                Setting(key: "logFormat", values: ["json"], source: .flag("--log-format")),
            ])
    }

    @Test("every option of the table that has a flag can be given, and no other")
    func table() throws {
        for option in ConfigurationOption.all {
            let words = option.type == .flag ? [option.flag] : [option.flag, "x"]
            let taken = try? ConfigurationArguments.parse(words).flags
            #expect(taken?.map(\.key) == (option.hasFlag ? [option.key] : nil), "\(option.flag)")
        }
    }
}
