/// Where a value was written.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    case flag(String)
    case variable(String)
    case file(String, line: Int)
    case fallback

    package var description: String {
        switch self {
        case .flag(let name): name
        case .variable(let name): name
        case .file(let path, let line): "\(path):\(line)"
        case .fallback: "default"
        }
    }
}

/// One value as it was written, not yet believed.
package struct Setting: Sendable, Equatable {
    /// Which option, by its key in the file; `rooms.PREFIX.kind` and `tokens.claims.NAME` in the tables.
    package var key: String
    /// What was written; one text unless the option is a list.
    package var values: [String]
    /// Where.
    package var source: SettingSource

    /// A value written there.
    package init(key: String, values: [String], source: SettingSource) {
        self.key = key
        self.values = values
        self.source = source
    }
}

/// Why the start is refused: a sentence that says where, what, and what to write instead.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence.
    package let description: String

    /// An error with this sentence.
    package init(_ sentence: String) { description = sentence }
}

/// All values of all sources: flags win over the environment, the environment over the file, the file over
/// what holds without any.
package struct Settings: Sendable {
    private var chosen: [String: Setting] = [:]
    /// The table of rooms, in the order of the file.
    package private(set) var rooms: [(prefix: String, setting: Setting)] = []
    /// What tokens call our claims, by our name.
    package private(set) var claims: [(name: String, setting: Setting)] = []

    /// Our names of claims.
    static let claimNames = ["user", "tenant", "name", "rooms"]

    /// Joins the sources. Throws for a key that no option has.
    package init(
        flags: [Setting], environment: [String: String], file: [Setting]
    ) throws(ConfigurationError) {
        for setting in file { try take(setting) }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("PARLEY_") {
            if name == "PARLEY_CONFIG" || Self.isInjected(name) { continue }
            guard let option = ConfigurationOption.all.first(where: { $0.variable == name }) else {
                let known =
                    ConfigurationOption.all.filter(\.hasVariable).map(\.variable) + ["PARLEY_CONFIG"]
                throw ConfigurationError(
                    "\(name): there is no such variable" + nearest(to: name, among: known))
            }
            guard option.hasVariable else {
                throw ConfigurationError(
                    "\(name): \(option.key) is a table; write it into the file that PARLEY_CONFIG names.")
            }
            let values =
                option.type == .list
                ? value.split(separator: ",").map { String($0.drop { $0 == " " }) } : [value]
            chosen[option.key] = Setting(key: option.key, values: values, source: .variable(name))
        }
        for setting in flags { try take(setting) }
    }

    /// The value in force for an option.
    package func value(of key: String) -> Setting {
        let option = ConfigurationOption[key]
        return chosen[key]
            ?? Setting(key: key, values: option.fallback.isEmpty ? [] : [option.fallback], source: .fallback)
    }

    /// What Kubernetes and docker links put beside a service called parley: `PARLEY_SERVICE_HOST`,
    /// `PARLEY_PORT_8080_TCP_ADDR` and their like.
    private static func isInjected(_ name: String) -> Bool {
        name == "PARLEY_PORT" || name.hasPrefix("PARLEY_PORT_") || name.hasPrefix("PARLEY_SERVICE_")
    }

    private mutating func take(_ setting: Setting) throws(ConfigurationError) {
        if try takeRow(setting) { return }
        guard let option = ConfigurationOption.all.first(where: { $0.key == setting.key }) else {
            throw ConfigurationError(
                "\(setting.source): there is no key \(setting.key)"
                    + nearest(to: setting.key, among: ConfigurationOption.all.map(\.key)))
        }
        guard option.type == .list || setting.values.count == 1 else {
            throw ConfigurationError("\(setting.source): \(setting.key) is one value, not a list.")
        }
        if let first = chosen[setting.key] { try refuse(second: setting, after: first) }
        chosen[setting.key] = setting
    }

    /// A key can stand in the file under its levels and once more with dots, where YAML sees two keys.
    private func refuse(second: Setting, after first: Setting) throws(ConfigurationError) {
        guard case .file = first.source, case .file = second.source else { return }
        throw ConfigurationError("\(second.source): \(second.key) stands at \(first.source) already.")
    }

    /// Takes a row of a table; false where the setting is none.
    private mutating func takeRow(_ setting: Setting) throws(ConfigurationError) -> Bool {
        if let prefix = setting.key.roomPrefix {
            if let first = rooms.first(where: { $0.prefix == prefix }) {
                try refuse(second: setting, after: first.setting)
            }
            rooms.append((prefix, setting))
            return true
        }
        if setting.key == "rooms" || setting.key.hasPrefix("rooms.") {
            throw ConfigurationError(
                "\(setting.source): rooms is a table of prefixes with a kind each, such as "
                    + "rooms: {\"live:\": {kind: ephemeral}}")
        }
        if setting.key == "tokens" || setting.key == "tokens.claims" {
            throw ConfigurationError(
                "\(setting.source): tokens.claims is a table of our names and the token's, such as "
                    + "tokens: {claims: {user: userId}}")
        }
        guard setting.key.hasPrefix("tokens.claims.") else { return false }
        let name = String(setting.key.dropFirst("tokens.claims.".count))
        guard Self.claimNames.contains(name) else {
            throw ConfigurationError(
                "\(setting.source): tokens.claims has no \(name), only "
                    + Self.claimNames.joined(separator: ", ") + nearest(to: name, among: Self.claimNames))
        }
        if let first = claims.first(where: { $0.name == name }) {
            try refuse(second: setting, after: first.setting)
        }
        claims.append((name, setting))
        return true
    }
}

/// ": did you mean X?" with the known name that is fewest edits away, or the only one that begins so; a full
/// stop where there is neither. Nobody is led to `insecure`, which opens the server, by a slip of the hand.
func nearest(to name: String, among known: [String]) -> String {
    let known = known.filter { !$0.lowercased().hasSuffix("insecure") }
    let best = known.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    if let (candidate, distance) = best, distance <= max(2, name.count / 3) {
        return ": did you mean \(candidate)?"
    }
    let longer = known.filter { $0.lowercased().hasPrefix(name.lowercased()) }
    return longer.count == 1 ? ": did you mean \(longer[0])?" : "."
}

private func editDistance(_ left: String, _ right: String) -> Int {
    let target = Array(right)
    var row = Array(0...target.count)
    for (i, character) in left.enumerated() {
        var previous = row[0]
        row[0] = i + 1
        for j in target.indices {
            let substituted = previous + (character == target[j] ? 0 : 1)
            previous = row[j + 1]
            row[j + 1] = min(substituted, previous + 1, row[j] + 1)
        }
    }
    return row[target.count]
}

extension String {
    /// The prefix in `rooms.PREFIX.kind`; the prefix itself may hold dots.
    fileprivate var roomPrefix: String? {
        guard hasPrefix("rooms."), hasSuffix(".kind"), utf8.count >= "rooms..kind".utf8.count else {
            return nil
        }
        return String(dropFirst("rooms.".count).dropLast(".kind".count))
    }
}
