import BrokerRedis

extension MetricsText {
    /// The ways to the other instances, one per worker; nothing is told where there is none.
    mutating func add(_ brokers: [BrokerStatistics]) {
        guard !brokers.isEmpty else { return }
        func sum(_ figure: (BrokerStatistics) -> Int) -> Int { brokers.reduce(0) { $0 + figure($1) } }
        gauge(
            "parley_broker_healthy", "1 when every worker hears the other instances.",
            brokers.allSatisfy(\.isWell) ? 1 : 0)
        gauge("parley_broker_subscriptions", "Rooms subscribed, counted per worker.", sum(\.subscriptions))
        counter("parley_broker_published_total", "News told to other instances.", sum(\.published))
        counter("parley_broker_received_total", "News of other instances heard.", sum(\.received))
        counter("parley_broker_echoes_total", "News of this instance that came back.", sum(\.echoes))
        counter("parley_broker_reconnects_total", "Times a connection was made anew.", sum(\.reconnects))
        counter(
            "parley_broker_renewals_total", "Subscriptions renewed because something did not come by them.",
            sum(\.renewals))
        counters(
            "parley_broker_dropped_total", "News dropped, by reason.", label: "reason",
            merged(brokers.map(\.dropped)).map { ($0.key.rawValue, $0.value) })
    }
}
