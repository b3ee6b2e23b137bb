import ArgumentParser
import Gateway

/// The flags that choose a configuration; names and sentences come from the option table.
struct ConfigurationArguments: ParsableArguments {
    @Option(name: .table("listen"), help: .table("listen", value: "address:port"))
    var listen: [String] = []

    @Option(name: .table("workers"), help: .table("workers", value: "n"))
    var workers: String?

    @Flag(name: .table("diagnostics"), help: .table("diagnostics"))
    var diagnostics = false

    @Option(name: .table("tlsCert"), help: .table("tlsCert", value: "file"))
    var tlsCert: [String] = []

    @Option(name: .table("tlsKey"), help: .table("tlsKey", value: "file"))
    var tlsKey: [String] = []

    @Option(name: .table("archive"), help: .table("archive", value: "archive"))
    var archive: String?

    @Option(name: .table("broker"), help: .table("broker", value: "broker"))
    var broker: String?

    @Option(name: .table("secretFile"), help: .table("secretFile", value: "file"))
    var secretFile: String?

    @Option(name: .table("jwks"), help: .table("jwks", value: "file"))
    var jwks: String?

    @Flag(name: .table("insecure"), help: .table("insecure"))
    var insecure = false

    @Option(name: .table("logLevel"), help: .table("logLevel", value: "level"))
    var logLevel: String?

    @Option(name: .table("logFormat"), help: .table("logFormat", value: "format"))
    var logFormat: String?

    @Option(
        name: .customLong("config"), help: ArgumentHelp("A YAML file with more options.", valueName: "file"))
    var config: String?

    /// What stands on the command line, by key.
    var flags: [Setting] {
        var settings: [Setting] = []
        func add(_ key: String, _ values: [String]) {
            guard !values.isEmpty else { return }
            settings.append(
                Setting(key: key, values: values, source: .flag(ConfigurationOption[key].flag)))
        }
        add("listen", listen)
        add("workers", [workers].compactMap(\.self))
        add("diagnostics", diagnostics ? ["true"] : [])
        add("tlsCert", tlsCert)
        add("tlsKey", tlsKey)
        add("archive", [archive].compactMap(\.self))
        add("broker", [broker].compactMap(\.self))
        add("secretFile", [secretFile].compactMap(\.self))
        add("jwks", [jwks].compactMap(\.self))
        add("insecure", insecure ? ["true"] : [])
        add("logLevel", [logLevel].compactMap(\.self))
        add("logFormat", [logFormat].compactMap(\.self))
        return settings
    }
}

extension NameSpecification {
    /// The flag of the option of that key.
    static func table(_ key: String) -> NameSpecification {
        .customLong(String(ConfigurationOption[key].flag.dropFirst(2)))
    }
}

extension ArgumentHelp {
    /// The sentence of the option of that key, with what holds without it.
    static func table(_ key: String, value: String? = nil) -> ArgumentHelp {
        let option = ConfigurationOption[key]
        let fallback = option.type == .flag || option.fallback.isEmpty ? "" : " (default: \(option.fallback))"
        return ArgumentHelp("\(option.sentence)\(fallback)", valueName: value)
    }
}
