import BrokerRedis
import Chat
import TokensJWT
import WebSocket

/// What a worker counts beside its hub, for `/metrics`.
struct Counters: Sendable {
    /// Gauge: TCP connections.
    var connections = 0
    /// TCP connections accepted.
    var accepted = 0
    /// TCP connections closed at once because no descriptor was left.
    var withoutDescriptor = 0
    /// WebSockets opened.
    var webSockets = 0
    /// Gauge: WebSockets with permessage-deflate.
    var deflatedWebSockets = 0
    /// WebSockets whose peer broke RFC 6455.
    var webSocketFailures = 0
    /// Sessions dropped because all queues together cost too much.
    var dropped = 0
    /// HTTP answers by status.
    var answers: [Int: Int] = [:]
    /// TLS handshakes by how they ended.
    var tlsHandshakes: [HandshakeResult: Int] = [:]
    /// TLS handshakes that went on with an earlier session.
    var resumed = 0
    /// Gauge: when the first of our certificates ends, in seconds since 1970; nil without any.
    var certificateEnds: Int?
    /// How often a limit was reached.
    var limits: [DoorLimit: Int] = [:]
    /// What trusted proxies did wrong.
    var proxyFaults: [ProxyFault: Int] = [:]
    /// Gauge: bytes that wait to be read by their sessions.
    var queuedBytes = 0
}

/// One worker's figures, all of them.
struct WorkerFigures: Sendable {
    var counters: Counters
    var hub: HubStatistics
    /// What was compressed and inflated; nil where nothing ever is.
    var deflate: DeflatePool.Statistics?
    /// Nil where there are no other instances to hear of.
    var broker: BrokerStatistics?
    /// Nil where nobody is asked for a token.
    var tokens: TokenStatistics?
}
