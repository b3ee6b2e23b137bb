import Glibc
import JSON
package import Logging
import Networking
import Time

/// Log lines on standard error, for people or for machines, one `write` each.
package struct LineLog: LogHandler {
    /// How a line looks.
    package enum Format: Sendable { case text, json }

    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: Format

    /// A log of that name.
    package init(label: String, format: Format, level: Logger.Level) {
        self.label = label
        self.format = format
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let line = line(of: event)
        // A log that cannot be written is nobody's to complain about.
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The event as one line, its line feed included.
    func line(of event: LogEvent) -> [UInt8] {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        return (format == .text ? text(event, all) : json(event, all)) + [UInt8(ascii: "\n")]
    }

    private func text(_ event: LogEvent, _ metadata: [(key: String, value: Logger.MetadataValue)]) -> [UInt8]
    {
        var line = "\(time()) \(event.level) \(label): \(event.message)"
        for (key, value) in metadata { line += " \(key)=\(value)" }
        return Array(
            String(String.UnicodeScalarView(line.unicodeScalars.map { $0.staysOnLine ? $0 : "?" })).utf8)
    }

    private func json(_ event: LogEvent, _ metadata: [(key: String, value: Logger.MetadataValue)]) -> [UInt8]
    {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("time")
        json.string(time())
        json.key("level")
        json.string(event.level.rawValue)
        json.key("label")
        json.string(label)
        json.key("message")
        json.string(event.message.description)
        for (key, value) in metadata {
            json.key(text: key)
            json.string("\(value)")
        }
        json.endObject()
        return json.finish()
    }

    /// RFC 3339 in UTC, to the millisecond.
    private func time() -> String {
        let milliseconds = Clock.moment.wall.milliseconds
        var seconds = time_t(milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(parts.tm_year + 1_900, 4) + "-" + padded(parts.tm_mon + 1, 2) + "-"
            + padded(parts.tm_mday, 2)
            + "T" + padded(parts.tm_hour, 2) + ":" + padded(parts.tm_min, 2) + ":" + padded(parts.tm_sec, 2)
            + "."
            + padded(milliseconds % 1_000, 3) + "Z"
    }
}

extension Unicode.Scalar {
    /// What a peer sent must not begin a line of its own, nor steer a terminal: C0, DEL, C1, and the two
    /// separators of U+2028.
    fileprivate var staysOnLine: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: false
        default: true
        }
    }
}
