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

    @Test("deliveries are counted by kind: live stored ones, ephemeral ones, and those of who came back")
    func countsDeliveries() throws {
        let gateway = try TestGateway(workers: 1)
        let both = #"[{"room":"hall"},{"room":"live:hall"}]"#
        let (ada, bob) = (try gateway.client("ada", rooms: both), try gateway.client("bob", rooms: both))
        for number in 1...3 {
            _ = try ada.ask("publish", #"{"room":"hall","clientId":"\#(number)","body":1}"#)
        }
        _ = try ada.ask("publish", #"{"room":"live:hall","body":1}"#)
        _ = try bob.ask("join", #"{"room":"hall","tail":2}"#)
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        let samples = try #require(try PrometheusText.parse(text)["parley_deliveries_total"]?.samples)
        let kinds = samples.map { ($0.labels["kind"] ?? "", $0.value) }
        #expect(
            Dictionary(uniqueKeysWithValues: kinds) == ["stored": 6, "ephemeral": 2, "recovered": 2])
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
        let known: Set = [
            "direction", "error", "kind", "le", "limit", "outcome", "reason", "result", "stage", "status",
            "version",
        ]
        #expect(Set(labels).subtracting(known).isEmpty)
    }
}
