import BrokerRedis
import Chat
import Logging
import Networking

/// One worker's ways to the other hubs: the siblings of its process by mailbox and, where the configuration
/// names it, other instances by Redis.
final class BrokerLink {
    private let siblings: MemoryBroker
    private let log: Logger
    private let turned: (Bool) -> Void
    private var redis: RedisBroker?
    private var isWell = false

    /// `turned` is told when the way to other instances breaks, and when it works again.
    init(siblings: MemoryBroker, log: Logger, turned: @escaping (Bool) -> Void) {
        self.siblings = siblings
        self.log = log
        self.turned = turned
    }

    /// Begins to connect to Redis, for the hub of that origin in the process of that instance.
    func connect(
        to target: RedisTarget, instance: UInt64, origin: OriginID, on loop: EventLoop,
        later: @escaping (@escaping () -> Void) -> Void, heard: @escaping (News) -> Void
    ) throws(SystemError) {
        let redis = RedisBroker(
            target, instance: instance, origin: origin, siblings: siblings, on: loop,
            resolver: try NameResolver(on: loop), later: later, heard: heard,
            events: { [unowned self] in received($0) })
        self.redis = redis
        turned(false)
        redis.start()
    }

    /// What the hub publishes to and subscribes at.
    var broker: any Broker { redis ?? siblings }

    /// What a sibling's mailbox brought.
    func receive(_ news: [News]) { siblings.receive(news) }

    /// The key that the instances of one archive share.
    func use(key: [UInt8]) { redis?.use(key: key) }

    /// Nil where there are no other instances to hear of.
    var figures: BrokerStatistics? { redis?.statistics }

    func close() { redis?.close() }

    private func received(_ event: BrokerEvent) {
        switch event {
        case .turned(let isWell, let sentence):
            let wasWell = self.isWell
            self.isWell = isWell
            if isWell {
                log.notice("other instances are heard by Redis")
            } else {
                log.warning("other instances are not heard", metadata: ["reason": "\(sentence ?? "")"])
            }
            if isWell != wasWell { turned(isWell) }
        }
    }
}
