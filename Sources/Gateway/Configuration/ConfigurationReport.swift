/// The whole effective configuration as YAML, each value with the place it comes from and without passwords:
/// `parley check-config`.
package struct ConfigurationReport {
    /// The text, a line per option.
    package private(set) var text = ""
    private var section = ""

    /// A report on these settings, which have been checked.
    package init(_ settings: Settings) {
        for option in ConfigurationOption.all {
            switch option.key {
            case "rooms": addRooms(settings.rooms)
            case "tokens.claims": addClaims(settings.claims)
            default: add(option, settings.value(of: option.key))
            }
        }
    }

    private mutating func add(_ option: ConfigurationOption, _ setting: Setting) {
        let parts = option.key.split(separator: ".")
        let parent = parts.count == 2 ? String(parts[0]) : ""
        if parent != section {
            section = parent
            if !section.isEmpty { text += "\(section):\n" }
        }
        // What names nothing has no text that could be read back.
        if option.type == .text, setting.values.isEmpty {
            text += "\(parent.isEmpty ? "" : "  ")# \(parts.last ?? ""): none\n"
            return
        }
        let values = option.holdsPassword ? setting.values.map { MaskedText($0).description } : setting.values
        let value =
            option.type == .list
            ? "[" + values.map(Self.quoted).joined(separator: ", ") + "]" : Self.quoted(values.first ?? "")
        text += "\(parent.isEmpty ? "" : "  ")\(parts.last ?? ""): \(value)  # \(setting.source)\n"
    }

    private mutating func addRooms(_ rooms: [(prefix: String, setting: Setting)]) {
        if !rooms.isEmpty { text += "rooms:\n" }
        for (prefix, setting) in rooms {
            text += "  \(Self.quoted(prefix)): {kind: \(setting.values[0])}  # \(setting.source)\n"
        }
    }

    private mutating func addClaims(_ claims: [(name: String, setting: Setting)]) {
        if !claims.isEmpty { text += "tokens:\n  claims:\n" }
        for (name, setting) in claims {
            text += "    \(name): \(Self.quoted(setting.values[0]))  # \(setting.source)\n"
        }
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
