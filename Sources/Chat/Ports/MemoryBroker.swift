/// The way to one other hub: a worker's mailbox in the program, a bad network in the simulator.
package protocol NewsCarrier: AnyObject {
    /// Takes news along; the other side hands them to its endpoint's `receive`, later and on its own loop.
    func carry(_ news: [News])
}

/// The `Broker` between the hubs of one process: one endpoint per worker, and a carrier to each of the
/// others. Everything is carried to everyone; what an endpoint has not subscribed it drops on arrival, so a
/// subscription holds from the call on. It knows no thread: whoever carries sees to it.
package final class MemoryBroker: Broker {
    private let origin: OriginID
    private let peers: [any NewsCarrier]
    private let later: (@escaping () -> Void) -> Void
    private let heard: (News) -> Void
    private var subscribed: Set<RoomKey> = []

    /// The endpoint of the hub of that origin. `peers` lead to all other hubs, never to its own; `later` runs
    /// a closure after the present call, on the owner's loop; `heard` takes what arrives, on the owner's
    /// loop.
    package init(
        origin: OriginID, peers: [any NewsCarrier], later: @escaping (@escaping () -> Void) -> Void,
        heard: @escaping (News) -> Void
    ) {
        self.origin = origin
        self.peers = peers
        self.later = later
        self.heard = heard
    }

    /// Asks for the room's news. A second subscription is confirmed like the first; one that was taken back
    /// before its confirmation is never confirmed.
    package func subscribe(_ room: RoomKey, confirmed: @escaping () -> Void) {
        subscribed.insert(room)
        later { [weak self] in
            guard let self, subscribed.contains(room) else { return }
            confirmed()
        }
    }

    /// No more of the room's news from now on.
    package func unsubscribe(_ room: RoomKey) { subscribed.remove(room) }

    /// Tells everyone else: one batch for each carrier.
    package func publish(_ news: [News]) {
        guard !news.isEmpty else { return }
        for peer in peers { peer.carry(news) }
    }

    /// Takes what a carrier brought. Called on the owner's loop.
    package func receive(_ news: [News]) {
        for item in news where item.origin != origin && subscribed.contains(item.room) { heard(item) }
    }
}
