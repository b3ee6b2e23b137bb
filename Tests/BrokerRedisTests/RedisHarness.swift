import BrokerContract
import Chat
import ChatProtocol
import Networking
import Random
import Testing
import Time

@testable import BrokerRedis

/// Endpoints on one loop, on the same Redis: what a number of instances with their workers are to it.
final class RedisHarness: BrokerHarness {
    let loop: EventLoop
    private(set) var brokers: [RedisBroker] = []
    private(set) var events: [[BrokerEvent]] = []
    private let resolver: NameResolver
    private var log: [[News]] = []
    private var waiting: [() -> Void] = []

    /// Brings news to a sibling, later.
    private final class Carrier: NewsCarrier {
        unowned let harness: RedisHarness
        let destination: Int

        init(_ harness: RedisHarness, to destination: Int) {
            self.harness = harness
            self.destination = destination
        }

        func carry(_ news: [News]) {
            harness.waiting.append { [harness, destination] in harness.brokers[destination].receive(news) }
        }
    }

    /// `instances` tells of each endpoint which process it is in; all share `key`, from the beginning on
    /// unless it is nil.
    init(
        _ target: String, instances: [UInt64] = [1, 2, 3], key: [UInt8]? = randomBytes(32),
        waits: Bool = true
    ) throws {
        loop = try EventLoop()
        resolver = try NameResolver(on: loop)
        let (target, base) = (try RedisTarget(target), randomUInt64() >> 8)
        for (index, instance) in instances.enumerated() {
            let later: (@escaping () -> Void) -> Void = { [unowned self] in waiting.append($0) }
            let heard: (News) -> Void = { [unowned self] in log[index].append($0) }
            log.append([])
            events.append([])
            let siblings = instances.indices.filter { $0 != index && instances[$0] == instance }
            let memory = MemoryBroker(
                origin: origin(of: index), peers: siblings.map { Carrier(self, to: $0) }, later: later,
                heard: heard)
            brokers.append(
                RedisBroker(
                    target, instance: base + instance, origin: origin(of: index), siblings: memory, on: loop,
                    resolver: resolver, later: later, heard: heard,
                    events: { [unowned self] in events[index].append($0) }))
        }
        for broker in brokers {
            if let key { broker.use(key: key) }
            broker.start()
        }
        if waits { try becomeWell() }
    }

    deinit {
        for broker in brokers { broker.close() }
        resolver.close()
        loop.dismantle()
    }

    var endpoints: [any Broker] { brokers }
    private let firstOrigin = randomUInt64() >> 8

    func origin(of endpoint: Int) -> OriginID { OriginID(number: firstOrigin + UInt64(endpoint)) }

    func heard(by endpoint: Int) -> [News] { log[endpoint] }

    /// Takes turns until `condition` holds.
    func run(_ what: String, until condition: () -> Bool) throws {
        let deadline = Clock.instant + .seconds(60)
        while !condition() {
            guard Clock.instant < deadline else { throw NeverHappened(description: what) }
            try loop.turn(sleepingAtMost: .milliseconds(20))
            while !waiting.isEmpty {
                let due = waiting
                waiting = []
                for action in due { action() }
            }
        }
    }

    func becomeWell() throws {
        try run("all are well") { brokers.allSatisfy { $0.statistics.isWell } }
    }

    func becomeBad() throws {
        try run("all are bad") { brokers.allSatisfy { !$0.statistics.isWell } }
    }

    /// What the endpoint was told last.
    func reason(_ endpoint: Int = 0) throws -> String {
        try run("a reason is told") { events[endpoint].contains { $0 != .turned(isWell: true, reason: nil) } }
        guard case .turned(false, let reason?) = events[endpoint].last else { return "none" }
        return reason
    }

    /// All that was asked is answered. Then everyone subscribes once more: on one connection Redis answers in
    /// order, so what was published before came before the confirmation.
    func settle() {
        do {
            try run("Redis has answered") { isAnswered }
            for broker in brokers { if let entry = broker.canaryEntry { broker.askFor([entry]) } }
            try run("Redis has answered again") { isAnswered }
        } catch {
            Issue.record(error)
        }
    }

    private var isAnswered: Bool {
        waiting.isEmpty
            && brokers.allSatisfy {
                $0.table.questionCount == 0 && $0.subscribingPair.map { $0.unanswered == 0 } ?? true
            }
    }

    func room(_ name: String) throws -> RoomKey { RoomKey(tenant: .default, name: try RoomName(name)) }

    /// News that somebody types in that room.
    func typing(_ name: String, by endpoint: Int, user: String = "ada") throws -> News {
        News(
            origin: origin(of: endpoint), room: try room(name),
            content: .typing(Member(user: try UserID(user), name: nil), isOn: true))
    }

    /// Subscribes and waits for the confirmation.
    func subscribe(_ endpoint: Int, _ name: String) throws {
        var isConfirmed = false
        endpoints[endpoint].subscribe(try room(name)) { isConfirmed = true }
        try run("\(name) is confirmed") { isConfirmed }
    }
}

/// A test waited for something in vain.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}
