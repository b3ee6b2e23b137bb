/// What a hub counts, for `/metrics`. Counters only grow; gauges say so.
package struct HubStatistics: Sendable, Equatable {
    /// Gauge: sessions, connected or about to.
    package var sessions = 0
    /// Gauge: open rooms.
    package var rooms = 0
    /// Gauge: subscriptions over all rooms.
    package var subscriptions = 0
    /// Gauge: drafts that wait for the archive.
    package var pendingDrafts = 0
    /// Publications acknowledged as stored.
    package var stored = 0
    /// Retries answered with the first one's position.
    package var repeats = 0
    /// Publications told in ephemeral rooms.
    package var ephemeral = 0
    /// Publications handed to sessions, of all kinds.
    package var deliveries = 0
    /// Those of them that were ephemeral.
    package var ephemeralDeliveries = 0
    /// Those of them that came later: in the reply to a join, or when a slow session had read.
    package var recovered = 0
    /// Times a room on this worker found a publication missing.
    package var gaps = 0
    /// Times such a room had caught up again.
    package var gapsHealed = 0
    /// Times only the archive's sweep told of publications that a healthy broker should have brought.
    package var late = 0
    /// Times a room's state was read again because news contradicted it.
    package var resyncs = 0
    /// Ranges that slow sessions were told to fetch themselves.
    package var skips = 0
    /// Commands refused, by name of the error.
    package var refusals: [String: Int] = [:]
    /// Sessions ended by the server, by name of the disconnect.
    package var disconnects: [String: Int] = [:]

    /// Nothing counted yet.
    package init() {}
}
