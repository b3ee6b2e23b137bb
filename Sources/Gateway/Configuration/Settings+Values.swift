import ArchivePostgres
import Chat
import ChatProtocol
import Networking

/// Each option's value as what it stands for, checked by itself.
extension Settings {
    func integer(_ key: String) throws(ConfigurationError) -> Int {
        let setting = value(of: key)
        guard case .integer(let range) = ConfigurationOption[key].type else {
            preconditionFailure("\(key) is not a number")
        }
        guard let text = setting.values.first, let number = Int(text), range.contains(number) else {
            throw bad(setting, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ key: String) throws(ConfigurationError) -> Bool {
        let setting = value(of: key)
        switch setting.values.first {
        case "true": return true
        case "false": return false
        default: throw bad(setting, "true or false")
        }
    }

    func choice(_ key: String) throws(ConfigurationError) -> String {
        let setting = value(of: key)
        guard case .choice(let choices) = ConfigurationOption[key].type else {
            preconditionFailure("\(key) is not a choice")
        }
        guard let text = setting.values.first, choices.contains(text) else {
            throw bad(setting, "one of " + choices.joined(separator: ", "))
        }
        return text
    }

    func archive() throws(ConfigurationError) -> ArchiveLocation {
        let setting = value(of: "archive")
        let location: ArchiveLocation?
        do {
            location = try ArchiveLocation(setting.values.first ?? "")
        } catch {
            throw ConfigurationError("\(setting.source): \(error)")
        }
        guard let location else { throw bad(setting, "sqlite:FILE, postgres://… or memory:") }
        return location
    }

    func broker() throws(ConfigurationError) -> BrokerLocation {
        let setting = value(of: "broker")
        let text = setting.values.first ?? ""
        guard text == "memory:" || text.hasPrefix("redis") else {
            throw bad(setting, "memory: or redis://…[,redis://…]")
        }
        do {
            return try BrokerLocation(text)
        } catch {
            throw ConfigurationError("\(setting.source): \(error).")
        }
    }

    func tokens() throws(ConfigurationError) -> TokenSettings? {
        let secret = try file("secretFile")
        let keys = try file("jwks")
        if let keys, keys.hasPrefix("http://") || keys.hasPrefix("https://") {
            throw ConfigurationError(
                "\(value(of: "jwks").source): key sets are read from files only; fetch it with curl and name "
                    + "the file.")
        }
        guard secret != nil || keys != nil else {
            guard let (_, setting) = claims.first else { return nil }
            throw ConfigurationError(
                "\(setting.source): tokens.claims says what stands in tokens, and none are asked for; "
                    + "give secretFile or jwks too.")
        }
        var names: [String: String] = [:]
        for (name, setting) in claims {
            guard setting.values.count == 1, let theirs = setting.values.first, !theirs.isEmpty else {
                throw bad(setting, "the name of a claim")
            }
            names[name] = theirs
        }
        return TokenSettings(
            secretFile: secret, jwksFile: keys, claims: names, secretSource: value(of: "secretFile").source)
    }

    /// The name of a file, or none. One that was left empty is refused: a variable that was never filled in
    /// must not open a server that its operator believes closed.
    func file(_ key: String) throws(ConfigurationError) -> String? {
        let setting = value(of: key)
        if setting.source == .fallback { return nil }
        guard let name = setting.values.first, !name.isEmpty else {
            throw bad(setting, "the name of a file")
        }
        return name
    }

    /// As browsers write them: in lower case, without the port that the scheme has anyway.
    func origins() throws(ConfigurationError) -> [String] {
        let setting = value(of: "allowedOrigins")
        var origins: [String] = []
        for text in setting.values {
            var origin = text.trimmed.lowercased()
            guard !origin.contains("*") else {
                throw ConfigurationError(
                    "\(setting.source): \(text.trimmed) has a *, which stands for nothing in an origin; "
                        + "write each origin out.")
            }
            let rest = origin.drop { $0 != ":" }
            let isOrigin = rest.hasPrefix("://") && rest.count > 3
            guard isOrigin, !rest.dropFirst(3).contains(where: { "/?#@ ".contains($0) }) else {
                throw ConfigurationError(
                    "\(setting.source): \(MaskedText(text.trimmed)) is no origin; "
                        + "write scheme://host[:port] and no path.")
            }
            for (scheme, port) in [("http://", ":80"), ("https://", ":443")]
            where origin.hasPrefix(scheme) && origin.hasSuffix(port) {
                origin.removeLast(port.count)
            }
            origins.append(origin)
        }
        return origins
    }

    func limits() throws(ConfigurationError) -> Limits {
        var limits = Limits()
        limits.announced.messageBytes = try integer("limits.messageBytes")
        limits.announced.bodyBytes = try integer("limits.bodyBytes")
        limits.announced.roomsPerSession = try integer("limits.roomsPerSession")
        limits.announced.outstanding = try integer("limits.outstanding")
        limits.announced.queueBytes = try integer("limits.queueBytes")
        limits.allQueuesBytes = try integer("limits.allQueuesBytes")
        limits.announced.messageMs = try integer("limits.messageMs")
        limits.announced.messagesPerSecond = try integer("limits.messagesPerSecond")
        limits.announced.messageBurst = try integer("limits.messageBurst")
        limits.announced.controlsPerSecond = try integer("limits.controlsPerSecond")
        limits.announced.controlBurst = try integer("limits.controlBurst")
        limits.announced.pagePublications = try integer("limits.pagePublications")
        limits.connectTimeout = try milliseconds("limits.connectMs")
        limits.slowTimeout = try milliseconds("limits.slowMs")
        limits.draftTimeout = try milliseconds("limits.draftMs")
        limits.pingInterval = try milliseconds("heartbeat.pingMs")
        limits.pongTimeout = try milliseconds("heartbeat.pongMs")
        guard limits.announced.bodyBytes + 1_024 <= limits.announced.messageBytes else {
            throw ConfigurationError(
                "\(value(of: "limits.bodyBytes").source): limits.bodyBytes must be at least 1,024 less than "
                    + "limits.messageBytes (\(limits.announced.messageBytes)), for what stands around a body."
            )
        }
        return limits
    }

    func http() throws(ConfigurationError) -> HTTPLimits {
        var limits = HTTPLimits()
        limits.headerTime = try milliseconds("http.headerMs")
        limits.headerBytes = try integer("http.headerBytes")
        limits.requestTime = try milliseconds("http.requestMs")
        limits.idleTime = try milliseconds("http.idleMs")
        limits.answerTime = try milliseconds("http.answerMs")
        return limits
    }

    func milliseconds(_ key: String) throws(ConfigurationError) -> Duration {
        .milliseconds(try integer(key))
    }

    func rules() throws(ConfigurationError) -> RoomRules {
        var kinds: [String: RoomKind] = [:]
        for (prefix, setting) in rooms {
            guard setting.values.count == 1, let kind = RoomKind(rawValue: setting.values[0]) else {
                throw bad(setting, "stored or ephemeral")
            }
            // What can begin a name is one itself, but for the spaces it may not end in.
            guard prefix.isEmpty || (try? RoomName(prefix + "x")).map({ !$0.isReserved }) == true else {
                throw ConfigurationError(
                    "\(setting.source): no room's name begins with \(prefix): names are 1 to 200 bytes "
                        + "without control characters and *, and those that begin with $ are Parley's own. "
                        + "A prefix stands alone, without a * behind it.")
            }
            kinds[prefix] = kind
        }
        return RoomRules(kinds)
    }

    func bad(_ setting: Setting, _ expected: String) -> ConfigurationError {
        let written = MaskedText(setting.values.joined(separator: ",")).description
        return ConfigurationError(
            "\(setting.source): \(setting.key) is \(expected), not \(written.isEmpty ? "empty" : written).")
    }
}

extension String {
    /// Without the blanks around it.
    fileprivate var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(String(drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
    }
}
