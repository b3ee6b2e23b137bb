import ArchivePostgres
import ArchiveSQLite
import BrokerRedis
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
        #expect(configuration.addresses == [ListenAddress(try SocketAddress("127.0.0.1:8080"))])
        #expect(configuration.workers == 4)
        #expect(configuration.archive == .sqlite(.file("parley.db")))
        #expect(configuration.broker == .memory && configuration.tokens == nil)
        #expect(configuration.isLoopbackOnly && configuration.isDevelopment)
        #expect(configuration.limits.announced == AnnouncedLimits())
        #expect(configuration.limits.pingInterval == .seconds(25))
    }

    @Test("every value reaches the place that obeys it")
    func readsEverything() throws {
        let configuration = try Self.configuration(
            [
                "PARLEY_LISTEN": "127.0.0.1:1,[::1]:2", "PARLEY_WORKERS": "3",
                "PARLEY_ARCHIVE": "postgres://ada@db/chat", "PARLEY_BROKER": "redis://a,redis://b:2",
                "PARLEY_SECRET_FILE": "secret", "PARLEY_JWKS": "keys.json",
                "PARLEY_LOG_LEVEL": "debug", "PARLEY_LOG_FORMAT": "json",
                "PARLEY_ALLOWED_ORIGINS": "https://a.example,https://b.example:8443",
                "PARLEY_LIMITS_MESSAGE_BYTES": "4096", "PARLEY_LIMITS_BODY_BYTES": "1024",
                "PARLEY_LIMITS_ROOMS_PER_SESSION": "5", "PARLEY_LIMITS_OUTSTANDING": "6",
                "PARLEY_LIMITS_QUEUE_BYTES": "70000", "PARLEY_LIMITS_PAGE_PUBLICATIONS": "8",
                "PARLEY_HEARTBEAT_PING_MS": "1500", "PARLEY_HEARTBEAT_PONG_MS": "2500",
                "PARLEY_LIMITS_CONNECT_MS": "1100", "PARLEY_LIMITS_SLOW_MS": "1200",
                "PARLEY_LIMITS_DRAFT_MS": "1300", "PARLEY_LIMITS_ALL_QUEUES_BYTES": "2000000",
                "PARLEY_HTTP_REQUEST_MS": "1400", "PARLEY_HTTP_IDLE_MS": "1600",
                "PARLEY_HTTP_ANSWER_MS": "1700",
            ],
            file: [
                ("rooms.live:.kind", ["ephemeral"]), ("rooms.live:log:.kind", ["stored"]),
                ("tokens.claims.user", ["userId"]),
            ])
        #expect(configuration.addresses.map(\.address.description) == ["127.0.0.1:1", "[::1]:2"])
        #expect(configuration.workers == 3)
        #expect(try configuration.archive == .postgres(PostgresTarget("postgres://ada@db/chat")))
        #expect(try configuration.broker == .redis(RedisTarget("redis://a,redis://b:2")))
        let tokens = TokenSettings(
            secretFile: "secret", jwksFile: "keys.json", claims: ["user": "userId"],
            secretSource: .variable("PARLEY_SECRET_FILE"))
        #expect(configuration.tokens == tokens && !configuration.isDevelopment)
        #expect(configuration.logLevel == "debug" && configuration.logFormat == "json")
        #expect(configuration.allowedOrigins == ["https://a.example", "https://b.example:8443"])
        let limits = configuration.limits.announced
        #expect([limits.messageBytes, limits.bodyBytes, limits.roomsPerSession] == [4_096, 1_024, 5])
        #expect([limits.outstanding, limits.queueBytes, limits.pagePublications] == [6, 70_000, 8])
        #expect(configuration.limits.pingInterval == .milliseconds(1_500))
        #expect(configuration.limits.pongTimeout == .milliseconds(2_500))
        #expect(configuration.limits.connectTimeout == .milliseconds(1_100))
        #expect(configuration.limits.slowTimeout == .milliseconds(1_200))
        #expect(configuration.limits.draftTimeout == .milliseconds(1_300))
        #expect(configuration.limits.allQueuesBytes == 2_000_000)
        #expect(configuration.http.requestTime == .milliseconds(1_400))
        #expect(configuration.http.idleTime == .milliseconds(1_600))
        #expect(configuration.http.answerTime == .milliseconds(1_700))
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
            (
                "PARLEY_ARCHIVE", "sqlite:",
                "PARLEY_ARCHIVE: archive is sqlite:FILE, postgres://… or memory:, not sqlite:."
            ),
            (
                "PARLEY_ARCHIVE", "host=db password=secret",
                "PARLEY_ARCHIVE: archive is sqlite:FILE, postgres://… or memory:, not host=db password=***."
            ),
            (
                "PARLEY_ARCHIVE", "mysql://ada:secret@db/chat",
                "PARLEY_ARCHIVE: archive is sqlite:FILE, postgres://… or memory:, "
                    + "not mysql://ada:***@db/chat."
            ),
            (
                "PARLEY_BROKER", "amqp://ada:secret@mq",
                "PARLEY_BROKER: broker is memory: or redis://…[,redis://…], not amqp://ada:***@mq."
            ),
            (
                "PARLEY_BROKER", "",
                "PARLEY_BROKER: broker is memory: or redis://…[,redis://…], not empty."
            ),
            (
                "PARLEY_BROKER", "redis://a,rediss://:secret@b",
                "PARLEY_BROKER: rediss:// is not supported yet: put a TLS tunnel (stunnel, for example) in "
                    + "front of Redis and write redis://."
            ),
            (
                "PARLEY_BROKER", "redis://a:b",
                "PARLEY_BROKER: a port is a number from 1 to 65535."
            ),
            (
                "PARLEY_JWKS", "https://example.org/keys.json",
                "PARLEY_JWKS: key sets are read from files only; fetch it with curl and name the file."
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

    @Test(
        "origins are as browsers send them: in lower case, without the port that goes without saying",
        arguments: [
            ("https://A.Example", "https://a.example"), (" https://a.example ", "https://a.example"),
            ("HTTPS://a.example:443", "https://a.example"), ("http://a.example:80", "http://a.example"),
            ("http://a.example:443", "http://a.example:443"),
            ("https://a.example:8443", "https://a.example:8443"), ("http://[::1]:80", "http://[::1]"),
        ])
    func readsOrigins(_ written: String, _ origin: String) throws {
        let environment = ["PARLEY_ALLOWED_ORIGINS": "https://b.example," + written]
        #expect(try Self.configuration(environment).allowedOrigins == ["https://b.example", origin])
        let listed = try Self.configuration(file: [("allowedOrigins", [written])])
        #expect(listed.allowedOrigins == [origin])
    }

    @Test(
        "an origin with a *, a path, a user or nothing in it never matches, and is refused",
        arguments: [
            ("*", "has a *"), ("https://*.example", "has a *"), ("https://a.example/x", "no origin"),
            ("https://a.example?x", "no origin"), ("null", "no origin"), (" ", "no origin"),
            ("https://ada:secret@a.example", "https://ada:***@a.example is no origin"),
        ])
    func refusesOrigins(_ written: String, _ says: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(file: [("allowedOrigins", [written])])
        }
        #expect(error?.description.hasPrefix("p.yaml:1: ") == true)
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test("an address without a port is refused by a sentence that begins with its place")
    func refusesAddresses() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(["PARLEY_LISTEN": "localhost"])
        }
        #expect(error?.description.hasPrefix("PARLEY_LISTEN: ") == true)
    }

    @Test("a malformed address of Postgres is refused by its place, and shows no password")
    func refusesPostgres() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(["PARLEY_ARCHIVE": "postgres://ada:secret@db:no/chat"])
        }
        #expect(error?.description.hasPrefix("PARLEY_ARCHIVE: ") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a room's kind is stored or ephemeral")
    func refusesKinds() {
        let sentence = "p.yaml:1: rooms.x.kind is stored or ephemeral, not forever."
        #expect(throws: ConfigurationError(sentence)) {
            try Self.configuration(file: [("rooms.x.kind", ["forever"])])
        }
    }

    @Test(
        "what is right alone and wrong together is refused, with the place of what to change",
        arguments: [
            (
                ["PARLEY_BROKER": "redis://a"], [],
                "PARLEY_BROKER: Redis joins instances, and several cannot share the archive sqlite:parley.db "
                    + "(default). Keep conversations in Postgres (archive: postgres://…), or leave the "
                    + "broker out."
            ),
            (
                ["PARLEY_ARCHIVE": "memory:"], [("broker", ["redis://a"])],
                "p.yaml:1: Redis joins instances, and several cannot share the archive memory: "
                    + "(PARLEY_ARCHIVE). Keep conversations in Postgres (archive: postgres://…), or leave "
                    + "the broker out."
            ),
            (
                ["PARLEY_INSECURE": "true", "PARLEY_SECRET_FILE": "secret"], [],
                "PARLEY_INSECURE: insecure lets anyone say to be anyone, and a secret or a key set asks "
                    + "everyone for a token. Leave one of them out."
            ),
            (
                [:], [("tokens.claims.user", ["userId"])],
                "p.yaml:1: tokens.claims says what stands in tokens, and none are asked for; give secretFile "
                    + "or jwks too."
            ),
            (
                ["PARLEY_JWKS": "keys.json"], [("tokens.claims.user", [""])],
                "p.yaml:1: tokens.claims.user is the name of a claim, not empty."
            ),
        ] as [([String: String], [(String, [String])], String)])
    func refusesCombinations(
        _ environment: [String: String], _ file: [(String, [String])], _ sentence: String
    ) {
        #expect(throws: ConfigurationError(sentence)) { try Self.configuration(environment, file: file) }
    }

    @Test(
        "a variable for a secret or a key set that nobody filled in does not open the server",
        arguments: [("PARLEY_SECRET_FILE", "secretFile"), ("PARLEY_JWKS", "jwks")])
    func refusesEmptyFiles(_ variable: String, _ key: String) {
        let sentence = "\(variable): \(key) is the name of a file, not empty."
        #expect(throws: ConfigurationError(sentence)) { try Self.configuration([variable: ""]) }
    }

    @Test(
        "a table of rooms has no line that can never hold",
        arguments: ["live:*", "*", "$user:", "a\u{7}", String(repeating: "x", count: 200)])
    func refusesImpossibleRooms(_ prefix: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration([:], file: [("rooms.\(prefix).kind", ["ephemeral"])])
        }
        #expect(error?.description.contains("no room's name begins with") == true)
    }

    @Test(
        "on an address that others can reach it refuses to start without tokens or --insecure",
        arguments: ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80", "127.0.0.1:8080,10.0.0.1:8080"])
    func refusesStrangers(_ listen: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(["PARLEY_LISTEN": listen])
        }
        #expect(error?.description.contains("--insecure") == true)
        let open = try Self.configuration(["PARLEY_LISTEN": listen, "PARLEY_INSECURE": "true"])
        #expect(!open.isLoopbackOnly && open.tokens == nil)
        let guarded = try Self.configuration(["PARLEY_LISTEN": listen, "PARLEY_SECRET_FILE": "secret"])
        #expect(guarded.tokens?.secretFile == "secret" && !guarded.isDevelopment)
    }
}
