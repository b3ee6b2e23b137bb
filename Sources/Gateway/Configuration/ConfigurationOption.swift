/// One option: the table below makes flags, variables, file keys, `--help` and `check-config`.
package struct ConfigurationOption: Sendable {
    /// The key in the file; dots part levels. The flag and the variable follow from it.
    package let key: String
    /// Whether there is a flag; limits have none.
    package let hasFlag: Bool
    /// What its value is.
    package let type: ValueType
    /// What holds without it, as it would be written.
    package let fallback: String
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

    /// Every option there is.
    package static let all: [ConfigurationOption] = [
        .init(
            key: "listen", hasFlag: true, type: .list, fallback: "127.0.0.1:8080",
            sentence:
                "Where to listen: ADDRESS:PORT, IPv6 in brackets; give it again for more addresses."),
        .init(
            key: "workers", hasFlag: true, type: .integer(0...256), fallback: "0",
            sentence: "How many event loops; 0 is one per core."),
        .init(
            key: "archive", hasFlag: true, type: .text, fallback: "sqlite:parley.db",
            sentence: "Where conversations are kept: sqlite:FILE, or memory: to forget them at the end."),
        .init(
            key: "insecure", hasFlag: true, type: .flag, fallback: "false",
            sentence: "Serve on an address that others can reach, although anyone may say to be anyone."),
        .init(
            key: "logLevel", hasFlag: true,
            type: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            fallback: "info",
            sentence: "What is logged: this level and worse."),
        .init(
            key: "logFormat", hasFlag: true, type: .choice(["text", "json"]), fallback: "text",
            sentence: "How it is logged: for people or for machines."),
        .init(
            key: "allowedOrigins", hasFlag: false, type: .list, fallback: "",
            sentence: "Origins of pages that may use this server beside its own, such as https://example.org."
        ),
        .init(
            key: "limits.messageBytes", hasFlag: false, type: .integer(1_024...16_777_216), fallback: "65536",
            sentence: "The largest WebSocket message."),
        .init(
            key: "limits.bodyBytes", hasFlag: false, type: .integer(64...8_388_608), fallback: "32768",
            sentence: "The largest body of a publication; at most limits.messageBytes less 1,024."),
        .init(
            key: "limits.roomsPerSession", hasFlag: false, type: .integer(1...10_000), fallback: "200",
            sentence: "How many rooms one session may be in."),
        .init(
            key: "limits.outstanding", hasFlag: false, type: .integer(1...10_000), fallback: "256",
            sentence: "How many commands of a session may be under way at once."),
        .init(
            key: "limits.queueBytes", hasFlag: false, type: .integer(65_536...268_435_456),
            fallback: "1048576",
            sentence: "How much is queued for a session that reads slowly before it loses pushes."),
        .init(
            key: "limits.allQueuesBytes", hasFlag: false, type: .integer(1_048_576...68_719_476_736),
            fallback: "268435456",
            sentence: "How much is queued for all sessions of a worker before the slowest are dropped."),
        .init(
            key: "limits.pagePublications", hasFlag: false, type: .integer(1...1_000), fallback: "500",
            sentence: "How many publications one reply carries at most."),
        .init(
            key: "heartbeat.pingMs", hasFlag: false, type: .integer(1_000...3_600_000), fallback: "25000",
            sentence: "After this long without a byte from a client the server asks whether it is there."),
        .init(
            key: "heartbeat.pongMs", hasFlag: false, type: .integer(1_000...3_600_000), fallback: "20000",
            sentence: "So long a client has to answer."),
    ]

    /// The option of that key.
    package static subscript(key: String) -> ConfigurationOption {
        guard let option = all.first(where: { $0.key == key }) else {
            preconditionFailure("there is no option \(key)")
        }
        return option
    }
}
