import Logging

/// What the lines about a session bear: its connection's name and its own.
struct LogNames {
    let connection: ConnectionID
    /// A part of the session's public name that finds it, and is too little to pass for it.
    let session: String

    init(connection: ConnectionID, session name: String) {
        self.connection = connection
        let parts = name.split(separator: ".")
        session = parts.count < 2 ? "-" : "\(parts[parts.count - 2]).\(parts[parts.count - 1].prefix(6))"
    }

    var metadata: Logger.Metadata { ["connection": "\(connection)", "session": "\(session)"] }

    func metadata(_ more: Logger.Metadata) -> Logger.Metadata { metadata.merging(more) { $1 } }
}

extension Logger {
    /// The same log, each line with this beside what it says.
    func with(_ key: String, _ value: String) -> Logger {
        var log = self
        log[metadataKey: key] = "\(value)"
        return log
    }
}
