import Chat
import TokensJWT
import WebSocket

extension MetricsText {
    /// Connections, sessions, rooms, and what was said in them.
    mutating func add(_ workers: [WorkerFigures]) {
        func sum(_ figure: (WorkerFigures) -> Int) -> Int { workers.reduce(0) { $0 + figure($1) } }
        gauge("parley_workers", "Event loops.", workers.count)
        addConnections(workers)
        gauge("parley_sessions", "Sessions open now.", sum { $0.hub.sessions })
        gauge("parley_queued_bytes", "Bytes that sessions have not read.", sum { $0.counters.queuedBytes })
        counter(
            "parley_sessions_dropped_total", "Sessions dropped because all queues together cost too much.",
            sum { $0.counters.dropped })
        gauge("parley_rooms", "Rooms open now, counted per worker.", sum { $0.hub.rooms })
        gauge("parley_subscriptions", "Sessions in rooms now.", sum { $0.hub.subscriptions })
        gauge("parley_drafts_pending", "Drafts that wait for the archive.", sum { $0.hub.pendingDrafts })
        counters(
            "parley_publications_total", "Publications taken, by kind.", label: "kind",
            [
                ("stored", sum { $0.hub.stored }), ("repeat", sum { $0.hub.repeats }),
                ("ephemeral", sum { $0.hub.ephemeral }),
            ])
        let (ephemeral, recovered) = (sum { $0.hub.ephemeralDeliveries }, sum { $0.hub.recovered })
        counters(
            "parley_deliveries_total", "Publications handed to sessions: live, or when they came back.",
            label: "kind",
            [
                ("stored", sum { $0.hub.deliveries } - ephemeral - recovered), ("ephemeral", ephemeral),
                ("recovered", recovered),
            ])
        counter("parley_gaps_total", "Times a publication was missing and asked for.", sum { $0.hub.gaps })
        counter("parley_gaps_healed_total", "Times such a gap was closed.", sum { $0.hub.gapsHealed })
        counter(
            "parley_late_total", "Times the archive told what a well broker should have brought.",
            sum { $0.hub.late })
        counter("parley_resyncs_total", "Times news contradicted what was known.", sum { $0.hub.resyncs })
        counter("parley_skips_total", "Ranges slow sessions were told to fetch.", sum { $0.hub.skips })
        addRefusals(workers)
    }

    private mutating func addConnections(_ workers: [WorkerFigures]) {
        func sum(_ figure: (Counters) -> Int) -> Int { workers.reduce(0) { $0 + figure($1.counters) } }
        gauge("parley_connections", "TCP connections open now.", sum(\.connections))
        counter("parley_connections_accepted_total", "TCP connections accepted.", sum(\.accepted))
        counter(
            "parley_connections_refused_total", "TCP connections closed for want of a file descriptor.",
            sum(\.withoutDescriptor))
        counter("parley_websockets_opened_total", "WebSocket handshakes done.", sum(\.webSockets))
        counter(
            "parley_websocket_failures_total", "WebSockets closed because the peer broke RFC 6455.",
            sum(\.webSocketFailures))
        addTLS(workers)
        addCompression(workers)
        let limits = merged(workers.map { $0.counters.limits })
        counters(
            "parley_limits_reached_total", "Times a limit against abuse was reached.", label: "limit",
            DoorLimit.allCases.map { ($0.rawValue, limits[$0] ?? 0) })
        let faults = merged(workers.map { $0.counters.proxyFaults })
        counters(
            "parley_proxy_faults_total", "Times a trusted proxy told nothing readable of its client.",
            label: "kind", ProxyFault.allCases.map { ($0.rawValue, faults[$0] ?? 0) })
        counters(
            "parley_http_responses_total", "HTTP answers by status.", label: "status",
            merged(workers.map { $0.counters.answers }).map { (String($0.key), $0.value) })
    }

    /// Nothing is told where compression is off.
    private mutating func addCompression(_ workers: [WorkerFigures]) {
        let pools = workers.compactMap(\.deflate)
        guard !pools.isEmpty else { return }
        func sum(_ figure: (DeflatePool.Statistics) -> UInt64) -> Int {
            pools.reduce(0) { $0 &+ Int(truncatingIfNeeded: figure($1)) }
        }
        gauge(
            "parley_websocket_compressed_sessions", "WebSockets open now that agreed on compression.",
            workers.reduce(0) { $0 + $1.counters.deflatedWebSockets })
        counters(
            "parley_websocket_compressed_messages_total",
            "Messages compressed or inflated; one that is sent to many is counted once.", label: "direction",
            [("sent", sum(\.sentMessages)), ("received", sum(\.receivedMessages))])
        counters(
            "parley_websocket_deflate_bytes_total", "Bytes of these messages, before and after.",
            label: "stage",
            [
                ("plain", sum(\.sentPlainBytes) + sum(\.receivedPlainBytes)),
                ("compressed", sum(\.sentDeflatedBytes) + sum(\.receivedDeflatedBytes)),
            ])
    }

    /// Nothing is told where there is no certificate.
    private mutating func addTLS(_ workers: [WorkerFigures]) {
        guard let end = workers.compactMap(\.counters.certificateEnds).min() else { return }
        let results = merged(workers.map { $0.counters.tlsHandshakes })
        counters(
            "parley_tls_handshakes_total", "TLS handshakes by how they ended.", label: "result",
            HandshakeResult.allCases.map { ($0.rawValue, results[$0] ?? 0) })
        counter(
            "parley_tls_resumed_total", "TLS handshakes that went on with an earlier session.",
            workers.reduce(0) { $0 + $1.counters.resumed })
        gauge(
            "parley_tls_certificate_not_after_seconds",
            "When the first of the certificates ends, since 1970.", end)
    }

    private mutating func addRefusals(_ workers: [WorkerFigures]) {
        counters(
            "parley_refusals_total", "Commands refused, by error.", label: "error",
            merged(workers.map { $0.hub.refusals }).map { ($0.key, $0.value) })
        counters(
            "parley_disconnects_total", "Sessions ended by the server, by reason.", label: "reason",
            merged(workers.map { $0.hub.disconnects }).map { ($0.key, $0.value) })
    }

    /// Tokens that were checked; nothing is told where nobody is asked for one.
    mutating func add(_ tokens: [TokenStatistics]) {
        guard !tokens.isEmpty else { return }
        func sum(_ figure: (TokenStatistics) -> Int) -> Int { tokens.reduce(0) { $0 + figure($1) } }
        counters(
            "parley_token_verifications_total", "Tokens checked, by result.", label: "result",
            [
                ("accepted", sum(\.accepted)), ("refused", sum(\.refused)),
                ("unavailable", sum(\.unavailable)),
            ])
    }
}

func merged<Key: Hashable>(_ counts: [[Key: Int]]) -> [Key: Int] {
    counts.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
}
