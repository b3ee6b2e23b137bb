import ArchiveSQLite
import Testing

@testable import Gateway

@Suite("StatusRoutes: what operators and their machines ask")
struct StatusRoutesTests {
    @Test("alive, ready, and figures over all workers that a Prometheus reads")
    func answers() throws {
        let gateway = try TestGateway(workers: 2)
        let clients = try (0..<6).map { try gateway.client("user\($0)", rooms: #"[{"room":"hall"}]"#) }
        _ = try clients[0].ask("publish", #"{"room":"hall","clientId":"1","body":1}"#)
        let connection = try TestConnection(to: gateway.address)
        #expect(try connection.ask("GET", "/healthz").text == "alive\n")
        #expect(try connection.ask("GET", "/readyz").text == "ready\n")
        let answer = try connection.ask("GET", "/metrics")
        #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        let figures = try PrometheusText.parse(answer.text).mapValues { $0.samples.map(\.value) }
        #expect(figures["parley_workers"] == [2])
        #expect(figures["parley_sessions"] == [6])
        #expect(figures["parley_subscriptions"] == [6])
        #expect(figures["parley_connections"] == [7])
        #expect(figures["parley_archive_healthy"] == [1])
    }

    @Test("no label bears a room, a user, or a session")
    func namesNobody() throws {
        let gateway = try TestGateway(workers: 2)
        let client = try gateway.client(
            "user-seldom", rooms: #"[{"room":"room-seldom"},{"room":"live:seldom"}]"#)
        for room in ["room-seldom", "live:seldom"] {
            _ = try client.ask("publish", #"{"room":"\#(room)","clientId":"client-seldom","body":"seldom"}"#)
        }
        _ = try client.ask("join", #"{"room":"$seldom"}"#)
        _ = try client.ask("seldom", "{}")
        let connection = try TestConnection(to: gateway.address)
        _ = try connection.ask("GET", "/api/v1/seldom")
        let text = try connection.ask("GET", "/metrics").text
        #expect(!text.contains("seldom"))
        let labels = try PrometheusText.parse(text).values.flatMap(\.samples).flatMap(\.labels.keys)
        let known: Set = ["error", "kind", "le", "outcome", "reason", "result", "status", "version"]
        #expect(Set(labels).subtracting(known).isEmpty)
    }
}
