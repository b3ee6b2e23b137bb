/// One option: the table of them makes flags, variables, file keys, `--help`, `check-config` and
/// `docs/configuration.md`.
package struct ConfigurationOption: Sendable {
    /// The key in the file; dots part levels. The flag and the variable follow from it.
    package let key: String
    /// Whether there is a flag; limits have none.
    package let hasFlag: Bool
    /// What its value is.
    package let type: ValueType
    /// What holds without it, as it would be written; empty where that is nothing.
    package let fallback: String
    /// Whether its value may hold a password, which is shown to nobody.
    package var holdsPassword = false
    /// What it is for, a sentence.
    package let sentence: String

    /// What can stand behind an option.
    package enum ValueType: Sendable, Equatable {
        /// Any text.
        case text
        /// A list of texts: the flag is repeated, the variable is split at commas.
        case list
        /// A whole number in a range, of a unit that is part of the key's name.
        case integer(ClosedRange<Int>)
        /// `true` or `false`; the flag stands alone.
        case flag
        /// One of these.
        case choice([String])
        /// A table of names, such as this one in the flow style of YAML; it stands in the file only.
        case table(example: String)
    }

    /// Whether there is a variable: for all but tables.
    package var hasVariable: Bool {
        if case .table = type { false } else { true }
    }

    /// `--secret-file` for `secretFile`.
    package var flag: String { "--" + parts(separator: "-", uppercase: false) }

    /// `PARLEY_LIMITS_MESSAGE_BYTES` for `limits.messageBytes`.
    package var variable: String { "PARLEY_" + parts(separator: "_", uppercase: true) }

    private func parts(separator: String, uppercase: Bool) -> String {
        var text = ""
        for character in key {
            if character == "." {
                text += separator
            } else if character.isUppercase {
                text += separator + character.lowercased()
            } else {
                text.append(character)
            }
        }
        return uppercase ? text.uppercased() : text
    }

    /// The option of that key.
    package static subscript(key: String) -> ConfigurationOption {
        guard let option = all.first(where: { $0.key == key }) else {
            preconditionFailure("there is no option \(key)")
        }
        return option
    }
}
