package import ArchiveSQLite
package import Chat
import ChatProtocol
package import Networking

/// Everything `serve` needs, checked.
package struct ServerConfiguration: Sendable {
    /// Where to listen.
    package var addresses: [SocketAddress]
    /// How many event loops; at least 1.
    package var workers: Int
    /// Where conversations are kept.
    package var archive: SQLiteLocation
    /// Whether others may reach a server that believes everyone.
    package var isInsecure: Bool
    /// Origins of foreign pages that may come in.
    package var allowedOrigins: [String]
    /// The lowest level that is logged, by swift-log's name.
    package var logLevel: String
    /// `text` or `json`.
    package var logFormat: String
    /// What the hubs enforce.
    package var limits: Limits
    /// What rooms are.
    package var rules: RoomRules
    /// What a plain HTTP connection may cost; no option sets it.
    package var http = HTTPLimits()

    /// Bound to loopback only and without tokens: development mode.
    var isLoopbackOnly: Bool { addresses.allSatisfy(\.isLoopback) }

    /// The largest body of a REST call: the draft's, and some more around it.
    var restBodyBytes: Int { limits.announced.bodyBytes + 1_024 }

    /// Checks every value in force. Throws the first that is not one, with where it was written.
    package init(_ settings: Settings, cores: Int) throws(ConfigurationError) {
        addresses = try settings.addresses()
        let asked = try settings.integer("workers")
        workers = asked == 0 ? max(1, cores) : asked
        archive = try settings.location()
        isInsecure = try settings.flag("insecure")
        allowedOrigins = try settings.origins()
        logLevel = try settings.choice("logLevel")
        logFormat = try settings.choice("logFormat")
        limits = try settings.limits()
        rules = try settings.rules()
        try refuseToServeStrangers()
    }

    /// On any other address than loopback everybody could be anybody.
    private func refuseToServeStrangers() throws(ConfigurationError) {
        guard !isInsecure, let open = addresses.first(where: { !$0.isLoopback }) else { return }
        throw ConfigurationError(
            "Refusing to serve on \(open): others can reach it, and without tokens anyone may say to be "
                + "anyone. Listen on 127.0.0.1, or pass --insecure if everybody who can reach it may read "
                + "and write everything."
        )
    }
}

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

    fileprivate func addresses() throws(ConfigurationError) -> [SocketAddress] {
        let setting = value(of: "listen")
        // A server that listens nowhere would look like one that works.
        guard !setting.values.isEmpty else { throw bad(setting, "at least one ADDRESS:PORT") }
        var addresses: [SocketAddress] = []
        for text in setting.values {
            do {
                addresses.append(try SocketAddress(text))
            } catch {
                throw ConfigurationError("\(setting.source): \(error)")
            }
        }
        return addresses
    }

    fileprivate func location() throws(ConfigurationError) -> SQLiteLocation {
        let setting = value(of: "archive")
        let text = setting.values.first ?? ""
        if text == "memory:" { return .memory }
        guard text.hasPrefix("sqlite:"), text.utf8.count > "sqlite:".utf8.count else {
            throw bad(setting, "sqlite:FILE or memory:")
        }
        return .file(String(text.dropFirst("sqlite:".count)))
    }

    fileprivate func origins() throws(ConfigurationError) -> [String] {
        let setting = value(of: "allowedOrigins")
        for origin in setting.values {
            let rest = origin.drop { $0 != ":" }
            guard rest.hasPrefix("://"), rest.count > 3, !rest.dropFirst(3).contains("/") else {
                throw ConfigurationError(
                    "\(setting.source): \(origin) is no origin; write scheme://host[:port] and no path.")
            }
        }
        return setting.values
    }

    fileprivate func limits() throws(ConfigurationError) -> Limits {
        var limits = Limits()
        limits.announced.messageBytes = try integer("limits.messageBytes")
        limits.announced.bodyBytes = try integer("limits.bodyBytes")
        limits.announced.roomsPerSession = try integer("limits.roomsPerSession")
        limits.announced.outstanding = try integer("limits.outstanding")
        limits.announced.queueBytes = try integer("limits.queueBytes")
        limits.allQueuesBytes = try integer("limits.allQueuesBytes")
        limits.announced.pagePublications = try integer("limits.pagePublications")
        limits.pingInterval = .milliseconds(try integer("heartbeat.pingMs"))
        limits.pongTimeout = .milliseconds(try integer("heartbeat.pongMs"))
        guard limits.announced.bodyBytes + 1_024 <= limits.announced.messageBytes else {
            throw ConfigurationError(
                "\(value(of: "limits.bodyBytes").source): limits.bodyBytes must be at least 1,024 less than "
                    + "limits.messageBytes (\(limits.announced.messageBytes)), for what stands around a body."
            )
        }
        return limits
    }

    fileprivate func rules() throws(ConfigurationError) -> RoomRules {
        var kinds: [String: RoomKind] = [:]
        for (prefix, setting) in rooms {
            guard let kind = setting.values.first.flatMap(RoomKind.init(rawValue:)) else {
                throw bad(setting, "stored or ephemeral")
            }
            kinds[prefix] = kind
        }
        return RoomRules(kinds)
    }

    private func bad(_ setting: Setting, _ expected: String) -> ConfigurationError {
        let written = setting.values.joined(separator: ",")
        return ConfigurationError(
            "\(setting.source): \(setting.key) is \(expected), not \(written.isEmpty ? "empty" : written).")
    }
}
