package import Chat
import ChatProtocol
import HTTP1
import Networking
package import WebSocket

/// Everything `serve` needs, checked.
package struct ServerConfiguration: Sendable {
    /// Where to listen, and what is spoken there.
    package var addresses: [ListenAddress]
    /// Certificates; nil where no address speaks TLS.
    package var tls: TLSSettings?
    /// How many event loops; at least 1.
    package var workers: Int
    /// Where conversations are kept.
    package var archive: ArchiveLocation
    /// What carries news to other instances.
    package var broker: BrokerLocation
    /// What tokens are checked with; nil where there are none, and everybody is believed.
    package var tokens: TokenSettings?
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
    /// What a plain HTTP connection may cost.
    package var http: HTTPLimits
    /// How many may come in, and how fast.
    package var doors: DoorLimits
    /// Which proxies stand in front.
    package var proxies: ProxySettings
    /// How WebSocket messages are compressed; nil where they are not.
    package var compression: DeflatePolicy?
    /// Whether `/echo` is open.
    package var hasDiagnostics: Bool
    /// How much is read from a connection at once, in bytes.
    package var readBytes: Int

    /// Bound to loopback only.
    var isLoopbackOnly: Bool { addresses.allSatisfy(\.address.isLoopback) }

    /// Nobody else can reach it, and nobody has to show a token.
    var isDevelopment: Bool { isLoopbackOnly && tokens == nil }

    /// Whether the broker leads to every hub that shares the archive; without one, others are heard of by
    /// the archive's sweep alone.
    var isBrokerWhole: Bool { broker != .memory || !archive.isShared }

    /// The largest body of a REST call: the draft's, and some more around it.
    var restBodyBytes: Int { limits.announced.bodyBytes + 1_024 }

    /// How much of a request is read.
    var requestLimits: RequestLimits {
        var limits = RequestLimits(bodyBytes: restBodyBytes)
        limits.headerBytes = http.headerBytes
        limits.requestLineBytes = http.headerBytes / 2
        return limits
    }

    /// Checks every value in force. Throws the first that is not one, or that does not go with another, with
    /// where it was written.
    package init(_ settings: Settings, cores: Int) throws(ConfigurationError) {
        tls = try settings.tls()
        addresses = try settings.addresses(hasCertificate: tls != nil)
        let asked = try settings.integer("workers")
        workers = asked == 0 ? max(1, cores) : asked
        archive = try settings.archive()
        broker = try settings.broker()
        tokens = try settings.tokens()
        isInsecure = try settings.flag("insecure")
        allowedOrigins = try settings.origins()
        logLevel = try settings.choice("logLevel")
        logFormat = try settings.choice("logFormat")
        limits = try settings.limits()
        rules = try settings.rules()
        http = try settings.http()
        doors = try settings.doors()
        proxies = try settings.proxies()
        compression = try settings.compression()
        hasDiagnostics = try settings.flag("diagnostics")
        readBytes = try settings.integer("network.readBytes")
        try refuseLonelyArchive(settings)
        try refuseBeliefBesideTokens(settings)
        try refuseToServeStrangers()
    }

    /// A broker joins instances, and they must find the same conversations.
    private func refuseLonelyArchive(_ settings: Settings) throws(ConfigurationError) {
        guard broker != .memory, !archive.isShared else { return }
        throw ConfigurationError(
            "\(settings.value(of: "broker").source): Redis joins instances, and several cannot share the "
                + "archive \(archive) (\(settings.value(of: "archive").source)). Keep conversations in "
                + "Postgres (archive: postgres://…), or leave the broker out."
        )
    }

    private func refuseBeliefBesideTokens(_ settings: Settings) throws(ConfigurationError) {
        guard isInsecure, tokens != nil else { return }
        throw ConfigurationError(
            "\(settings.value(of: "insecure").source): insecure lets anyone say to be anyone, and a secret "
                + "or a key set asks everyone for a token. Leave one of them out."
        )
    }

    /// On any other address than loopback everybody could be anybody.
    private func refuseToServeStrangers() throws(ConfigurationError) {
        guard !isInsecure, tokens == nil,
            let open = addresses.map(\.address).first(where: { !$0.isLoopback })
        else { return }
        throw ConfigurationError(
            "Refusing to serve on \(open): others can reach it, and without tokens anyone may say to be "
                + "anyone. Ask for tokens with --secret-file or --jwks, listen on 127.0.0.1, or pass "
                + "--insecure if everybody who can reach it may read and write everything."
        )
    }
}
