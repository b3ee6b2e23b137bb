package import Chat
import ChatProtocol
package import Networking
import Random
import Time

/// The `Broker` between instances, by Redis, and between the workers of one process, by the memory broker it
/// takes in. One endpoint per worker, with two connections of its own.
///
/// Redis is speed, not truth: while it is away news are dropped and counted, and whoever is told so reads
/// the archive more often. What is subscribed stays wanted until it is taken back, whatever happens to the
/// connections. It is never silently deaf: what it publishes to itself must come back. Close it before you
/// let go of it.
package final class RedisBroker: Broker {
    /// The two connections, from nothing to well.
    enum State {
        /// Before `start` and after `close`.
        case idle
        /// Until the next try.
        case waiting(TimerID)
        /// Connecting, or connected and without a key.
        case opening(RedisPair)
        /// Subscribing what is wanted.
        case restoring(RedisPair)
        /// The canary sings.
        case well(RedisPair)
    }

    /// More than this waiting to be written to a slow Redis is not added to.
    static let queueLimit = 16 << 20

    let target: RedisTarget
    let instance: UInt64
    let origin: OriginID
    let loop: EventLoop
    let resolver: NameResolver
    let events: (BrokerEvent) -> Void
    private let siblings: MemoryBroker
    private let later: (@escaping () -> Void) -> Void
    private let heard: (News) -> Void

    var state = State.idle
    var table = SubscriptionTable()
    var seal: PayloadSeal?
    var backoff = Backoff()
    var canary = Canary()
    var canaryEntry: SubscriptionTable.Entry?
    var pushReader = PushReader()
    /// Which of the target's places is tried next.
    var nextPlace = 0
    /// Ticks since Redis last confirmed anything, while it is to confirm something.
    var silentTicks = 0
    var ticking: TimerID?
    /// What was told since it was well.
    var toldReasons: [String] = []
    var counted = BrokerStatistics()

    /// The endpoint of the hub of that origin in the process of that instance, a random number. `siblings`
    /// is the endpoint among the process's own workers: what its carriers bring goes to `receive`. `later`
    /// runs a closure after the present call and `heard` takes what other instances tell, both on `loop`, as
    /// everything here.
    package init(
        _ target: RedisTarget, instance: UInt64, origin: OriginID, siblings: MemoryBroker, on loop: EventLoop,
        resolver: NameResolver, later: @escaping (@escaping () -> Void) -> Void,
        heard: @escaping (News) -> Void, events: @escaping (BrokerEvent) -> Void
    ) {
        self.target = target
        self.instance = instance
        self.origin = origin
        self.siblings = siblings
        self.loop = loop
        self.resolver = resolver
        self.later = later
        self.heard = heard
        self.events = events
    }

    /// What it did so far.
    package var statistics: BrokerStatistics {
        var statistics = counted
        statistics.subscriptions = table.count
        if case .well = state { statistics.isWell = true } else { statistics.reason = toldReasons.last }
        return statistics
    }

    /// Begins to connect. Nothing is subscribed or published there before `use(key:)`.
    package func start() {
        guard case .idle = state else { return }
        open()
    }

    /// The key that all instances of the archive share; secret. It may come again.
    package func use(key: [UInt8]) {
        seal = PayloadSeal(instance: instance, key: key)
        if case .opening(let pair) = state, pair.isReady { restore(pair) }
    }

    /// Ends both connections; what siblings tell is still heard.
    package func close() {
        disconnect()
        state = .idle
    }

    // MARK: The port

    /// Asks for the room's news: the siblings' from now on, the other instances' from the confirmation on.
    /// While Redis is away that takes until it is back.
    package func subscribe(_ room: RoomKey, confirmed: @escaping () -> Void) {
        siblings.subscribe(room) {}
        switch table.want(room, confirmed: confirmed) {
        case .wait: break
        case .subscribe(let entry): askFor([entry])
        case .confirm(let entry): later { if entry.isWanted { confirmed() } }
        }
    }

    /// No more of the room's news from now on.
    package func unsubscribe(_ room: RoomKey) {
        siblings.unsubscribe(room)
        guard let entry = table.forget(room), let pair = subscribingPair else { return }
        var command = RedisCommand("UNSUBSCRIBE")
        command.add(entry.channel)
        pair.subscribe(command)
        table.asked([entry], isSubscription: false)
    }

    /// Subscribes the room's channel once more: Redis may have lost it.
    package func renew(_ room: RoomKey) {
        guard let entry = table.entry(of: room) else { return }
        counted.renewals += 1
        askFor([entry])
    }

    /// Tells everyone else. It leaves in one send at the end of the turn.
    package func publish(_ news: [News]) {
        siblings.publish(news)
        guard let seal, let pair = subscribingPair else { return counted.drop(.whileAway, news.count) }
        for item in news {
            guard pair.queuedBytes <= Self.queueLimit else {
                counted.drop(.queueFull)
                continue
            }
            let channel = table.entry(of: item.room)?.channel ?? Channel.name(of: item.room)
            let payload = seal.seal(for: channel) { NewsEncoder.append(item, to: &$0) }
            guard payload.count <= PayloadSeal.byteLimit else {
                counted.drop(.tooLarge)
                continue
            }
            publish(payload, on: channel, pair)
            counted.published += 1
        }
    }

    /// Takes what a sibling's carrier brought.
    package func receive(_ news: [News]) { siblings.receive(news) }

    func publish(_ payload: [UInt8], on channel: [UInt8], _ pair: RedisPair) {
        var command = RedisCommand("PUBLISH")
        command.add(channel)
        command.add(payload)
        pair.publish(command)
    }

    // MARK: What comes

    /// A payload came on the channel that was read last.
    func received(_ payload: Span<UInt8>) {
        let channel = pushReader.channel
        // What was unsubscribed may still come for a moment.
        guard let entry = table.entry(of: channel), let seal else { return }
        guard let room = entry.room else { return sang(payload, seal) }
        switch seal.verdict(on: payload, from: channel) {
        case .echo: counted.echoes += 1
        case .unknownFormat: counted.drop(.format)
        case .forged: counted.drop(.mac)
        case .genuine:
            do throws(NewsDecodeError) {
                let news = try NewsDecoder.decode(
                    payload.extracting(droppingFirst: PayloadSeal.headBytes), in: room)
                counted.received += 1
                heard(news)
            } catch {
                counted.drop(.undecodable)
            }
        }
    }

    private func sang(_ payload: Span<UInt8>, _ seal: PayloadSeal) {
        guard let entry = canaryEntry, seal.isGenuine(payload, from: entry.channel),
            payload.count == PayloadSeal.headBytes + 8
        else { return counted.drop(.mac) }
        var beat: UInt64 = 0
        for index in PayloadSeal.headBytes..<payload.count { beat = beat << 8 | UInt64(payload[index]) }
        canary.hear(beat)
        if case .restoring(let pair) = state { becomeWell(pair) }
    }
}
