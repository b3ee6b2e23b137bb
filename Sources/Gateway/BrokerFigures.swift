/// What one worker's way to the other instances counts, for `/metrics` and `/readyz`.
struct BrokerFigures: Sendable {
    /// Gauge: whether it is known to hear the others.
    var isWell = false
    /// Why it is not, a sentence that says what to do.
    var reason: String?
    /// Gauge: rooms subscribed.
    var subscriptions = 0
    /// News told.
    var published = 0
    /// News heard, own ones left out.
    var received = 0
    /// Own news that came back.
    var echoes = 0
    /// News dropped, by reason.
    var dropped: [String: Int] = [:]
    /// Times a connection was made anew.
    var reconnects = 0
    /// Subscriptions renewed because something that should have come by them did not.
    var renewals = 0
}
