import ArchivePostgres
import BrokerRedis
import Glibc
import TestServers
import Testing

@testable import Gateway

@Suite("BrokerLink: Redis is speed, and its health is told", .timeLimit(.minutes(3)))
struct BrokerLinkTests {
    /// Asks until the answer begins so, some seconds at most; the last answer.
    private static func readiness(_ connection: TestConnection, until start: String) throws -> HTTPAnswer {
        let deadline = time(nil) + 30
        var answer = try connection.ask("GET", "/readyz")
        while !answer.text.hasPrefix(start), time(nil) < deadline {
            answer = try connection.ask("GET", "/readyz")
        }
        return answer
    }

    @Test("without Redis it is ready and degraded, with it ready, and so again after its death and return")
    func tellsItsHealth() throws {
        let redis = try RedisServer()
        defer { try? redis.kill9() }
        let archive = ArchiveLocation.postgres(
            try PostgresTarget(try PostgresServer.shared.makeDatabase()))
        let broker = BrokerLocation.redis(try RedisTarget(redis.url))
        let gateway = try TestGateway {
            $0.archive = archive
            $0.broker = broker
        }
        let connection = try TestConnection(to: gateway.address)
        func healthy() throws -> Double? {
            let text = try connection.ask("GET", "/metrics").text
            return try PrometheusText.parse(text)["parley_broker_healthy"]?.samples.first?.value
        }
        let ready = try Self.readiness(connection, until: "ready\n")
        #expect(ready.status == 200 && ready.text.hasPrefix("ready\n"), "\(ready.text)")
        #expect(try healthy() == 1)
        try redis.kill9()
        let degraded = try Self.readiness(connection, until: "ready (degraded): Redis")
        #expect(degraded.status == 200 && degraded.text.hasPrefix("ready (degraded): Redis"))
        #expect(try healthy() == 0)
        try redis.start()
        #expect(try Self.readiness(connection, until: "ready\n").text.hasPrefix("ready\n"))
        let text = try connection.ask("GET", "/metrics").text
        let reconnects = try PrometheusText.parse(text)["parley_broker_reconnects_total"]?.samples.first
        #expect((reconnects?.value ?? 0) >= 1)
        try gateway.stop()
    }
}
