import Chat
import ChatProtocol
import Glibc
import Networking
import Random
import TestServers
import Testing

@testable import BrokerRedis

@Suite("the broker, when Redis is in trouble")
struct RedisBrokerConnectionTests {
    private static let well = BrokerEvent.turned(isWell: true, reason: nil)

    /// Both sides hear each other in that room.
    private func hears(_ harness: RedisHarness, _ name: String) throws {
        let before = harness.heard(by: 0).count
        let news = try harness.typing(name, by: 1, user: "u\(before)")
        harness.brokers[1].publish([news])
        try harness.run("it is heard") { harness.heard(by: 0).count > before }
        #expect(harness.heard(by: 0).last == news)
    }

    @Test("after kill -9 and a restart, empty, everything wanted is subscribed anew")
    func restarts() throws {
        let server = try RedisServer()
        let harness = try RedisHarness(server.url)
        try harness.subscribe(0, "room")
        try hears(harness, "room")
        try server.kill9()
        try harness.becomeBad()
        #expect(try harness.reason().contains("127.0.0.1:\(server.port)"))
        var confirmations = 0
        harness.brokers[0].subscribe(try harness.room("later")) { confirmations += 1 }
        harness.brokers[0].unsubscribe(try harness.room("never"))
        harness.brokers[1].publish([try harness.typing("room", by: 1)])
        #expect(harness.brokers[1].statistics.dropped == [.whileAway: 1])
        #expect(confirmations == 0)
        try server.start()
        try harness.becomeWell()
        #expect(confirmations == 1)
        try hears(harness, "room")
        try hears(harness, "later")
        #expect(harness.brokers[0].statistics.reconnects == 1)
        #expect(harness.events[0].first == Self.well)
        #expect(harness.events[0].last == Self.well)
    }

    @Test("siblings hear each other while Redis is away")
    func siblings() throws {
        let server = try RedisServer()
        let harness = try RedisHarness(server.url, instances: [1, 1, 2])
        try harness.subscribe(0, "room")
        try server.kill9()
        try harness.becomeBad()
        harness.brokers[0].subscribe(try harness.room("new")) {}
        try hears(harness, "room")
        try hears(harness, "new")
    }

    @Test("a connection that Redis ends is made again, both of the pair", arguments: ["pubsub", "normal"])
    func killed(_ type: String) throws {
        let server = try RedisServer()
        let harness = try RedisHarness(server.url)
        try harness.subscribe(0, "room")
        try server.command(["CLIENT", "KILL", "TYPE", type])
        try harness.run("it is noticed") { harness.brokers.allSatisfy { $0.statistics.reconnects > 0 } }
        try harness.becomeWell()
        try hears(harness, "room")
    }

    @Test("a Redis that hangs is found deaf by the canary, and well again when it goes on")
    func hangs() throws {
        let server = try RedisServer()
        let harness = try RedisHarness(server.url)
        try harness.subscribe(0, "room")
        let number = try #require(server.processNumber)
        kill(number, SIGSTOP)
        defer { kill(number, SIGCONT) }
        try harness.becomeBad()
        #expect(try harness.reason().contains("no longer delivers"))
        kill(number, SIGCONT)
        try harness.becomeWell()
        try hears(harness, "room")
    }

    @Test("a Redis that is paused is found deaf by the canary, and well again afterwards")
    func pauses() throws {
        let server = try RedisServer()
        let harness = try RedisHarness(server.url)
        try harness.subscribe(0, "room")
        try server.command(["CLIENT", "PAUSE", "6000", "ALL"])
        try harness.becomeBad()
        try harness.becomeWell()
        try hears(harness, "room")
    }

    @Test("a missing or wrong password is told; the right one opens")
    func passwords() throws {
        let server = try RedisServer(arguments: ["--requirepass", "pass word"])
        let port = server.port
        for (url, words) in [
            ("redis://127.0.0.1:\(port)", "needs a password"),
            ("redis://:wrong@127.0.0.1:\(port)", "refuses the user or password"),
            ("redis://ada:pass%20word@127.0.0.1:\(port)", "refuses the user or password"),
        ] {
            let harness = try RedisHarness(url, instances: [1], waits: false)
            #expect(try harness.reason().contains(words))
        }
        let harness = try RedisHarness("redis://:pass%20word@127.0.0.1:\(port)/1")
        try harness.subscribe(0, "room")
        try hears(harness, "room")
    }

    @Test("what a URL has too much is told")
    func needless() throws {
        let port = try RedisServer.shared.port
        for (url, words) in [
            ("redis://:secret@127.0.0.1:\(port)", "has no password"),
            ("redis://127.0.0.1:\(port)/999", "no database"),
        ] {
            let harness = try RedisHarness(url, instances: [1], waits: false)
            #expect(try harness.reason().contains(words))
        }
    }

    @Test("a user without the needed rights is told which")
    func rights() throws {
        let server = try RedisServer()
        try server.command(
            ["ACL", "SETUSER", "few", "on", ">pw", "+auth", "+publish", "resetchannels", "&parley:1:*"])
        try server.command(
            [
                "ACL", "SETUSER", "enough", "on", ">pw", "+auth", "+publish", "+subscribe", "+unsubscribe",
                "resetchannels", "&parley:1:*",
            ])
        let address = "127.0.0.1:\(server.port)"
        let refused = try RedisHarness("redis://few:pw@\(address)", instances: [1], waits: false)
        #expect(try refused.reason().contains("SUBSCRIBE"))
        let harness = try RedisHarness("redis://enough:pw@\(address)")
        try harness.subscribe(0, "room")
        try hears(harness, "room")
    }

    @Test("a replica is refused: what is published there stays there")
    func replica() throws {
        let (primary, replica) = (try RedisServer(), try RedisServer())
        try replica.command(["REPLICAOF", "127.0.0.1", String(primary.port)])
        let harness = try RedisHarness("\(replica.url),\(primary.url)")
        #expect(harness.events[0].map(reason).contains { $0.contains("is a replica") })
        try harness.subscribe(0, "room")
        try hears(harness, "room")
    }

    @Test("of several servers the next is used when one is gone")
    func list() throws {
        let (first, second) = (try RedisServer(), try RedisServer())
        let harness = try RedisHarness("\(first.url),\(second.url)")
        try harness.subscribe(0, "room")
        try first.kill9()
        try harness.becomeBad()
        try harness.becomeWell()
        try hears(harness, "room")
    }

    @Test("a host's name is looked up; one that is none is told")
    func names() throws {
        let harness = try RedisHarness("redis://localhost:\(try RedisServer.shared.port)")
        try harness.subscribe(0, "room")
        try hears(harness, "room")
        let lost = try RedisHarness("redis://no-such-host.invalid", instances: [1], waits: false)
        #expect(try lost.reason().contains("cannot be found"))
    }

    @Test(
        "what is no Redis, or none that takes us, is told with what to do",
        arguments: [
            ("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}F", false, "TLS tunnel"), ("", true, "TLS tunnel"),
            ("HTTP/1.1 400 Bad Request\r\n\r\n", true, "TLS tunnel"), ("", false, "does not answer in time"),
            ("-ERR max number of clients reached\r\n", true, "maxclients"),
            ("-LOADING Redis is loading the dataset in memory\r\n", false, "still loading"),
            ("-DENIED Redis is running in protected mode\r\n", true, "protected mode"),
            ("-ERR what\r\n", false, "refuses: ERR what"),
        ])
    func peers(_ answer: String, _ hangsUp: Bool, _ words: String) throws {
        let loop = try EventLoop()
        let peer = try FakeRedis(on: loop, answering: answer, hangsUp: hangsUp)
        let harness = try RedisHarness(peer.url, instances: [1], waits: false)
        var told: String?
        try harness.run("a reason is told") {
            _ = try? loop.turn(sleepingAtMost: .milliseconds(1))
            told = harness.events[0].last.map(reason)
            return told != nil
        }
        #expect(told?.contains(words) == true, "\(told ?? "")")
        loop.dismantle()
    }

    @Test("where nobody listens it says so, once, and keeps trying")
    func nobody() throws {
        let server = try RedisServer()
        try server.stop()
        let harness = try RedisHarness(server.url, instances: [1], waits: false)
        #expect(try harness.reason().contains("cannot be reached"))
        try server.start()
        try harness.becomeWell()
        #expect(harness.events[0].count == 2)
    }

    @Test("a publisher that Redis refuses, and a reply that nothing asked for, end the pair")
    func refusals() throws {
        let server = try RedisServer()
        let harness = try RedisHarness(server.url)
        try server.command(["ACL", "SETUSER", "default", "-publish"])
        try harness.becomeBad()
        #expect(try harness.reason().contains("PUBLISH"))
        try server.command(["ACL", "SETUSER", "default", "+publish"])
        try harness.becomeWell()
        harness.brokers[0].subscribingPair?.subscribe(RedisCommand("PING"))
        try harness.run("it is noticed") { harness.brokers[0].statistics.reconnects > 1 }
        #expect(harness.events[0].map(reason).contains { $0.contains("nothing asked for") })
    }

    private func reason(_ event: BrokerEvent) -> String {
        guard case .turned(_, let reason) = event else { return "" }
        return reason ?? ""
    }
}
