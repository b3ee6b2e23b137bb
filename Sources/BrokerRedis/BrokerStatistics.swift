/// What a Redis endpoint did since its start.
package struct BrokerStatistics: Sendable {
    /// Why news were not carried on.
    package enum Drop: String, Sendable, CaseIterable {
        /// Received: another version's payload.
        case format
        /// Received: not sealed with the cluster's key.
        case mac
        /// Received: sealed, and not news.
        case undecodable
        /// Published while Redis was away, or the key unknown.
        case whileAway
        /// Published while too much waited to be written.
        case queueFull
        /// Published: larger than the others would take.
        case tooLarge
    }

    /// News handed to Redis.
    package var published = 0
    /// News of other instances.
    package var received = 0
    /// News of the own instance that came back, and were dropped as they should be.
    package var echoes = 0
    /// News not carried on, by reason.
    package var dropped: [Drop: Int] = [:]
    /// Times the connection was lost or found deaf.
    package var reconnects = 0
    /// Subscriptions renewed because something that should have come by them did not.
    package var renewals = 0
    /// Channels wanted now.
    package var subscriptions = 0
    /// Whether what others publish arrives here.
    package var isWell = false
    /// Whether it ever did.
    package var hasBeenWell = false
    /// Why it does not, a sentence that says what to do; nil where nothing is known to be wrong.
    package var reason: String?

    /// Nothing done yet.
    package init() {}

    mutating func drop(_ reason: Drop, _ count: Int = 1) { dropped[reason, default: 0] += count }
}

/// What the owner of an endpoint is told.
package enum BrokerEvent: Sendable, Equatable {
    /// The way to the other instances works again, or it does not, for the reason given: a sentence that says
    /// what to do. While it does not, a new reason is told as well.
    case turned(isWell: Bool, reason: String?)
}
