/// `docs/configuration.md`: the option table for people, as `parley check-config --markdown` prints it.
package struct ConfigurationDocument {
    /// The whole document.
    package let text: String

    /// The document of the option table.
    package init() {
        let options = ConfigurationOption.all
        text =
            Self.introduction
            + options.filter(\.hasFlag).map(Self.row).joined()
            + "\n## In the file and in variables only\n\n" + Self.head
            + options.filter { !$0.hasFlag && $0.hasVariable }.map(Self.row).joined()
            + "\n## Tables, in the file only\n\n"
            + options.filter { !$0.hasVariable }.map(Self.table).joined(separator: "\n")
            + Self.example
    }

    private static let introduction = """
        # Configuration

        <!-- Written by `parley check-config --markdown > docs/configuration.md`; a test compares the two. -->

        With no options at all Parley serves on loopback, keeps conversations in an SQLite file, and
        believes everyone. Each option is a flag of `parley serve`, a variable, and a key of the YAML file
        that `--config` or `PARLEY_CONFIG` names; flags win over variables, variables over the file. A list
        is a repeated flag, a variable with commas, a list in YAML. What is wrong or unknown ends the start
        with its place and what to write instead. `parley check-config` prints all that is in force, with
        where each value comes from; passwords are never shown. Names that end in `Bytes` are bytes, in `Ms`
        milliseconds. What tokens are, and how a back end makes them: [tokens.md](tokens.md).

        Kubernetes and docker links put variables of their own into a container that stands beside a service
        called parley: `PARLEY_PORT`, `PARLEY_PORT_…` and `PARLEY_SERVICE_…` are no options, and passed over.


        """ + head

    private static let head = """
        | key and variable | value | without it | what it is for |
        | --- | --- | --- | --- |

        """

    private static func row(_ option: ConfigurationOption) -> String {
        let names =
            option.hasFlag
            ? "`\(option.flag)`<br>`\(option.variable)`<br>`\(option.key)`"
            : "`\(option.variable)`<br>`\(option.key)`"
        let fallback = option.fallback.isEmpty ? "none" : "`\(option.fallback)`"
        return "| \(names) | \(value(of: option.type)) | \(fallback) | \(option.sentence) |\n"
    }

    private static func value(of type: ConfigurationOption.ValueType) -> String {
        switch type {
        case .text: "text"
        case .list: "a list of texts"
        case .integer(let range): "\(grouped(range.lowerBound)) to \(grouped(range.upperBound))"
        case .flag: "`true` or `false`; the flag stands alone"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .table: "a table"
        }
    }

    private static func table(_ option: ConfigurationOption) -> String {
        guard case .table(let example) = option.type else { return "" }
        return "`\(option.key)`, such as `\(example)`: \(option.sentence)\n"
    }

    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    private static let example = """

        ## A file for one of many instances

        ```yaml
        listen: ["0.0.0.0:8080"]
        archive: postgres://parley:change-me@db.internal:5432/parley
        broker: redis://:change-me@redis.internal:6379
        secretFile: /etc/parley/secret
        logFormat: json
        limits:
          bodyBytes: 16384
        rooms:
          "cursor:": {kind: ephemeral}
        tokens:
          claims: {user: userId, tenant: org}
        ```

        """
}
