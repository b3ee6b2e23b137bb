import Testing

@testable import Gateway

@Suite("ConfigurationOption: one table makes flags, variables and keys")
struct ConfigurationOptionTests {
    @Test(
        "flag and variable follow from the key",
        arguments: [
            ("logLevel", "--log-level", "PARLEY_LOG_LEVEL"), ("listen", "--listen", "PARLEY_LISTEN"),
            ("limits.messageBytes", "--limits-message-bytes", "PARLEY_LIMITS_MESSAGE_BYTES"),
        ])
    func derivesNames(_ key: String, _ flag: String, _ variable: String) {
        #expect(ConfigurationOption[key].flag == flag)
        #expect(ConfigurationOption[key].variable == variable)
    }

    @Test("no two options share a key or a variable, and every one says what it is for")
    func isATable() {
        let all = ConfigurationOption.all
        #expect(Set(all.map(\.key)).count == all.count)
        #expect(Set(all.map(\.variable)).count == all.count)
        #expect(all.allSatisfy { $0.sentence.hasSuffix(".") })
    }

    @Test("what holds without an option is a value the option accepts")
    func hasValidFallbacks() throws {
        let settings = try Settings(flags: [], environment: [:], file: [])
        _ = try ServerConfiguration(settings, cores: 1)
        for option in ConfigurationOption.all {
            switch option.type {
            case .integer(let range): #expect(range.contains(try #require(Int(option.fallback))))
            case .choice(let choices): #expect(choices.contains(option.fallback))
            // What is on without being asked for cannot be switched off by a flag that stands alone.
            case .flag: #expect(option.fallback == "false" || !option.hasFlag)
            case .text, .list: break
            case .table: #expect(option.fallback.isEmpty && !option.hasFlag)
            }
        }
    }
}
