/// The whole effective configuration as YAML, each value with the place it comes from: `parley check-config`.
package struct ConfigurationReport {
    /// The text, a line per option.
    package let text: String

    /// A report on these settings, which have been checked.
    package init(_ settings: Settings) {
        var lines: [String] = []
        var section = ""
        for option in ConfigurationOption.all {
            let parts = option.key.split(separator: ".")
            if parts.count == 2, parts[0] != section {
                section = String(parts[0])
                lines.append("\(section):")
            }
            let setting = settings.value(of: option.key)
            let value =
                option.type == .list
                ? "[" + setting.values.map(Self.quoted).joined(separator: ", ") + "]"
                : Self.quoted(setting.values.first ?? "")
            let indent = parts.count == 2 ? "  " : ""
            lines.append("\(indent)\(parts.last ?? ""): \(value)  # \(setting.source)")
        }
        if !settings.rooms.isEmpty {
            lines.append("rooms:")
            for (prefix, setting) in settings.rooms {
                lines.append("  \(Self.quoted(prefix)): {kind: \(setting.values[0])}  # \(setting.source)")
            }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// Plain where YAML reads it as the same text, quoted where it might not.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2E || byte == 0x2F || byte == 0x2D || byte == 0x5F
            }
        if isPlain { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C: text += "\\\(scalar)"
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF: text += "\\u" + Self.fourDigits(scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func fourDigits(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
