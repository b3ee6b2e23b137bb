import BrokerContract
import Chat
import ChatProtocol
import Glibc
import Networking
import TestServers
import Testing
import Time

@testable import BrokerRedis

@Suite("the broker on a real Redis")
struct RedisBrokerTests {
    @Test("the contract of the port Broker, three instances", arguments: BrokerContract.rules)
    func keepsTheContract(_ rule: BrokerRule) throws {
        try rule.check(try RedisHarness(try RedisServer.shared.url))
    }

    @Test(
        "the contract of the port Broker, two workers of one instance and another",
        arguments: BrokerContract.rules)
    func keepsTheContractAmongSiblings(_ rule: BrokerRule) throws {
        try rule.check(try RedisHarness(try RedisServer.shared.url, instances: [1, 1, 2]))
    }

    @Test("a subscription taken back before its confirmation is never confirmed")
    func confirmsNothingTakenBack() throws {
        let harness = try RedisHarness(try RedisServer.shared.url)
        var confirmations = 0
        harness.brokers[0].subscribe(try harness.room("taken back")) { confirmations += 1 }
        harness.brokers[0].unsubscribe(try harness.room("taken back"))
        harness.settle()
        #expect(confirmations == 0)
    }

    @Test("the instance's own news come back from Redis and are dropped; siblings hear them once")
    func echoes() throws {
        let harness = try RedisHarness(try RedisServer.shared.url, instances: [1, 1, 2])
        for endpoint in 0..<3 { try harness.subscribe(endpoint, "echoes") }
        let news = try harness.typing("echoes", by: 0)
        harness.brokers[0].publish([news])
        harness.settle()
        #expect((0..<3).map { harness.heard(by: $0) } == [[], [news], [news]])
        #expect(harness.brokers.map { $0.statistics.echoes } == [1, 1, 0])
        #expect(harness.brokers.map { $0.statistics.received } == [0, 0, 1])
        #expect(harness.brokers[0].statistics.published == 1)
        #expect(harness.brokers.allSatisfy { $0.statistics.subscriptions == 1 })
    }

    @Test("before the key is known nothing reaches Redis; with it, what waited is subscribed")
    func waitsForTheKey() throws {
        let harness = try RedisHarness(try RedisServer.shared.url, key: nil, waits: false)
        var confirmations = 0
        harness.brokers[1].subscribe(try harness.room("key")) { confirmations += 1 }
        try harness.run("all are connected") { harness.brokers.allSatisfy { $0.pair?.isReady == true } }
        harness.brokers[0].publish([try harness.typing("key", by: 0)])
        #expect(confirmations == 0)
        #expect(harness.brokers[0].statistics.dropped == [.whileAway: 1])
        for broker in harness.brokers { broker.use(key: [1, 2, 3]) }
        try harness.becomeWell()
        #expect(confirmations == 1)
        let news = try harness.typing("key", by: 0)
        harness.brokers[0].publish([news])
        harness.settle()
        #expect(harness.heard(by: 1) == [news])
    }

    @Test("a subscription that Redis lost in silence hears again once it is renewed")
    func renews() throws {
        let harness = try RedisHarness(try RedisServer.shared.url)
        let (room, broker) = (try harness.room("lost"), harness.brokers[0])
        try loseSubscription(harness, "lost")
        harness.brokers[1].publish([try harness.typing("lost", by: 1)])
        harness.settle()
        #expect(harness.heard(by: 0).isEmpty)
        broker.renew(room)
        broker.renew(try harness.room("never wanted"))
        harness.settle()
        let news = try harness.typing("lost", by: 1)
        harness.brokers[1].publish([news])
        harness.settle()
        #expect(harness.heard(by: 0) == [news])
        #expect(broker.statistics.renewals == 1)
    }

    @Test("a subscription that Redis lost in silence is found by the slow round, though nobody notices")
    func renewsByItself() throws {
        let harness = try RedisHarness(try RedisServer.shared.url)
        try loseSubscription(harness, "round")
        let news = try harness.typing("round", by: 1)
        try harness.run("it is heard") {
            harness.brokers[1].publish([news])
            return !harness.heard(by: 0).isEmpty
        }
        #expect(harness.brokers[0].statistics.renewals == 0)
        #expect(harness.events[0] == [.turned(isWell: true, reason: nil)])
    }

    /// Endpoint 0 subscribes the room and Redis forgets it.
    private func loseSubscription(_ harness: RedisHarness, _ name: String) throws {
        try harness.subscribe(0, name)
        let broker = harness.brokers[0]
        let entry = try #require(broker.table.entry(of: try harness.room(name)))
        var command = RedisCommand("UNSUBSCRIBE")
        command.add(entry.channel)
        broker.subscribingPair?.subscribe(command)
        broker.table.asked([entry], isSubscription: false)
        harness.settle()
    }

    @Test("forged, damaged and foreign payloads are dropped and counted, and harm nothing")
    func forged() throws {
        let server = try RedisServer.shared
        let harness = try RedisHarness(server.url)
        try harness.subscribe(0, "forged")
        let channel = "parley:1:{default:forged}"
        for payload in ["", "garbage", "\u{2}" + String(repeating: "A", count: 60)] {
            try server.command(["PUBLISH", channel, payload])
        }
        for payload in ["\u{1}", "\u{1}" + String(repeating: "A", count: 60)] {
            try server.command(["PUBLISH", channel, payload])
        }
        for first in ["x", "\\1"] {
            let script = "return redis.call('publish', KEYS[1], '\(first)' .. string.rep('x', 1048576))"
            try server.command(["EVAL", script, "1", channel])
        }
        let other = PayloadSeal(instance: 9, key: [1])
        harness.brokers[1].publish(
            other.seal(for: Array(channel.utf8)) { _ in }, on: Array(channel.utf8),
            try #require(harness.brokers[1].subscribingPair))
        let seal = try #require(harness.brokers[1].seal)
        harness.brokers[1].publish(
            seal.seal(for: Array(channel.utf8)) { $0.append(1) }, on: Array(channel.utf8),
            try #require(harness.brokers[1].subscribingPair))
        let news = try harness.typing("forged", by: 1)
        harness.brokers[1].publish([news])
        harness.settle()
        #expect(harness.heard(by: 0) == [news])
        #expect(harness.brokers[0].statistics.dropped == [.format: 4, .mac: 4, .undecodable: 1])
        #expect(harness.events[0] == [.turned(isWell: true, reason: nil)])
    }

    @Test("a forged canary keeps nobody from being deaf, and is counted")
    func forgedCanary() throws {
        let server = try RedisServer.shared
        let harness = try RedisHarness(server.url)
        let channel = try #require(harness.brokers[0].canaryEntry).channel
        try server.command(["PUBLISH", String(decoding: channel, as: UTF8.self), "tweet"])
        harness.settle()
        #expect(harness.brokers[0].statistics.dropped == [.mac: 1])
    }

    @Test("news of a mebibyte arrive; what no reader would take, and what a slow Redis piles up, is dropped")
    func large() throws {
        let harness = try RedisHarness(try RedisServer.shared.url)
        try harness.subscribe(0, "large")
        func publication(_ size: Int) throws -> News {
            let publication = Publication(
                room: try RoomName("large"), position: nil, time: harness.loop.moment.wall,
                user: try UserID("ada"), name: nil, clientID: nil,
                body: [UInt8](repeating: UInt8(ascii: "1"), count: size))
            return News(
                origin: harness.origin(of: 1), room: try harness.room("large"),
                content: .publication(publication))
        }
        let large = try publication(1 << 20)
        harness.brokers[1].publish([large])
        harness.brokers[1].publish([try publication(PayloadSeal.byteLimit)])
        harness.settle()
        #expect(harness.heard(by: 0) == [large])
        #expect(harness.brokers[1].statistics.dropped == [.tooLarge: 1])
        harness.brokers[1].publish([News](repeating: large, count: 40))
        #expect(harness.brokers[1].statistics.dropped[.queueFull] == 24)
        harness.settle()
        #expect(harness.heard(by: 0).count == 17)
    }

    @Test("many subscriptions are asked for in slices, each confirmed")
    func slices() throws {
        let harness = try RedisHarness(try RedisServer.shared.url, waits: false)
        var confirmations = 0
        for index in 0..<2_000 {
            harness.brokers[0].subscribe(try harness.room("slice \(index)")) { confirmations += 1 }
        }
        try harness.becomeWell()
        #expect(confirmations == 2_000)
    }
}
