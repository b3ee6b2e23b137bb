import ArchiveSQLite
import Chat
import ChatProtocol
import Networking
import Testing

@testable import Gateway

@Suite("ServerConfiguration: every value is checked before anything is opened")
struct ServerConfigurationTests {
    private static func configuration(
        _ environment: [String: String] = [:], file: [(String, [String])] = []
    ) throws -> ServerConfiguration {
        let file = file.enumerated().map { line, pair in
            Setting(key: pair.0, values: pair.1, source: .file("p.yaml", line: line + 1))
        }
        return try ServerConfiguration(
            try Settings(flags: [], environment: environment, file: file), cores: 4)
    }

    @Test("with no options at all it serves on loopback, on every core, with SQLite")
    func hasDefaults() throws {
        let configuration = try Self.configuration()
        #expect(configuration.addresses == [try SocketAddress("127.0.0.1:8080")])
        #expect(configuration.workers == 4)
        #expect(configuration.archive == .file("parley.db"))
        #expect(configuration.isLoopbackOnly)
        #expect(configuration.limits.announced == AnnouncedLimits())
        #expect(configuration.limits.pingInterval == .seconds(25))
    }

    @Test("every value reaches the place that obeys it")
    func readsEverything() throws {
        let configuration = try Self.configuration(
            [
                "PARLEY_LISTEN": "127.0.0.1:1,[::1]:2", "PARLEY_WORKERS": "3", "PARLEY_ARCHIVE": "memory:",
                "PARLEY_LOG_LEVEL": "debug", "PARLEY_LOG_FORMAT": "json",
                "PARLEY_ALLOWED_ORIGINS": "https://a.example,https://b.example:8443",
                "PARLEY_LIMITS_MESSAGE_BYTES": "4096", "PARLEY_LIMITS_BODY_BYTES": "1024",
                "PARLEY_LIMITS_ROOMS_PER_SESSION": "5", "PARLEY_LIMITS_OUTSTANDING": "6",
                "PARLEY_LIMITS_QUEUE_BYTES": "70000", "PARLEY_LIMITS_PAGE_PUBLICATIONS": "8",
                "PARLEY_HEARTBEAT_PING_MS": "1500", "PARLEY_HEARTBEAT_PONG_MS": "2500",
            ], file: [("rooms.live:.kind", ["ephemeral"]), ("rooms.live:log:.kind", ["stored"])])
        #expect(configuration.addresses.map(\.description) == ["127.0.0.1:1", "[::1]:2"])
        #expect(configuration.workers == 3)
        #expect(configuration.archive == .memory)
        #expect(configuration.logLevel == "debug" && configuration.logFormat == "json")
        #expect(configuration.allowedOrigins == ["https://a.example", "https://b.example:8443"])
        let limits = configuration.limits.announced
        #expect([limits.messageBytes, limits.bodyBytes, limits.roomsPerSession] == [4_096, 1_024, 5])
        #expect([limits.outstanding, limits.queueBytes, limits.pagePublications] == [6, 70_000, 8])
        #expect(configuration.limits.pingInterval == .milliseconds(1_500))
        #expect(configuration.limits.pongTimeout == .milliseconds(2_500))
        #expect(configuration.rules.kind(of: try RoomName("live:cursor")) == .ephemeral)
        #expect(configuration.rules.kind(of: try RoomName("live:log:1")) == .stored)
        #expect(configuration.rules.kind(of: try RoomName("hall")) == .stored)
    }

    @Test(
        "a malformed value ends the start, with the place and what to write instead",
        arguments: [
            ("PARLEY_WORKERS", "two", "PARLEY_WORKERS: workers is a whole number from 0 to 256, not two."),
            ("PARLEY_WORKERS", "257", "PARLEY_WORKERS: workers is a whole number from 0 to 256, not 257."),
            ("PARLEY_WORKERS", "", "PARLEY_WORKERS: workers is a whole number from 0 to 256, not empty."),
            ("PARLEY_INSECURE", "yes", "PARLEY_INSECURE: insecure is true or false, not yes."),
            ("PARLEY_LOG_FORMAT", "xml", "PARLEY_LOG_FORMAT: logFormat is one of text, json, not xml."),
            ("PARLEY_ARCHIVE", "sqlite:", "PARLEY_ARCHIVE: archive is sqlite:FILE or memory:, not sqlite:."),
            (
                "PARLEY_ARCHIVE", "parley.db",
                "PARLEY_ARCHIVE: archive is sqlite:FILE or memory:, not parley.db."
            ),
            ("PARLEY_LISTEN", "", "PARLEY_LISTEN: listen is at least one ADDRESS:PORT, not empty."),
            (
                "PARLEY_ALLOWED_ORIGINS", "https://a.example/",
                "PARLEY_ALLOWED_ORIGINS: https://a.example/ is no origin; "
                    + "write scheme://host[:port] and no path."
            ),
            (
                "PARLEY_LIMITS_BODY_BYTES", "65000",
                "PARLEY_LIMITS_BODY_BYTES: limits.bodyBytes must be at least 1,024 less than "
                    + "limits.messageBytes (65536), for what stands around a body."
            ),
        ])
    func refusesMalformed(_ variable: String, _ value: String, _ sentence: String) {
        #expect(throws: ConfigurationError(sentence)) { try Self.configuration([variable: value]) }
    }

    @Test("an address without a port is refused by a sentence that begins with its place")
    func refusesAddresses() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(["PARLEY_LISTEN": "localhost"])
        }
        #expect(error?.description.hasPrefix("PARLEY_LISTEN: ") == true)
    }

    @Test("a room's kind is stored or ephemeral")
    func refusesKinds() {
        let sentence = "p.yaml:1: rooms.x.kind is stored or ephemeral, not forever."
        #expect(throws: ConfigurationError(sentence)) {
            try Self.configuration(file: [("rooms.x.kind", ["forever"])])
        }
    }

    @Test(
        "on an address that others can reach it refuses to start without --insecure",
        arguments: ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80", "127.0.0.1:8080,10.0.0.1:8080"])
    func refusesStrangers(_ listen: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(["PARLEY_LISTEN": listen])
        }
        #expect(error?.description.contains("--insecure") == true)
        let open = try Self.configuration(["PARLEY_LISTEN": listen, "PARLEY_INSECURE": "true"])
        #expect(!open.isLoopbackOnly)
    }
}
