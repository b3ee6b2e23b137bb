import ArchiveSQLite
import ArchiveThread
import BrokerRedis
import Chat
import Testing
import TokensJWT

@testable import Gateway

@Suite("MetricsText: the Prometheus text format 0.0.4")
struct MetricsTextTests {
    private static func text(workers: [WorkerFigures]) throws -> String {
        let store = try SQLiteStore.open(.memory)
        defer { store.close() }
        let process = ProcessFigures.read()
        return MetricsText(workers: workers, archive: ArchiveHealth(of: store), process: process).text
    }

    private static func busy(_ scale: Int) -> WorkerFigures {
        var counters = Counters()
        counters.connections = 2 * scale
        counters.answers = [200: scale, 404: 1]
        var hub = HubStatistics()
        hub.sessions = scale
        hub.refusals = ["badRequest": scale]
        hub.disconnects = ["slow": 1]
        (hub.deliveries, hub.ephemeralDeliveries, hub.recovered) = (10 * scale, 3 * scale, scale)
        (hub.gaps, hub.gapsHealed, hub.late) = (5 * scale, 4 * scale, 3 * scale)
        var tokens = TokenStatistics()
        (tokens.accepted, tokens.refused) = (scale, 1)
        var broker = BrokerStatistics()
        (broker.isWell, broker.published, broker.dropped) = (scale < 10, scale, [.mac: scale])
        return WorkerFigures(counters: counters, hub: hub, broker: broker, tokens: tokens)
    }

    @Test("a parser of the format reads every line, idle or busy")
    func isValid() throws {
        for workers in [[], [Self.busy(1)], [Self.busy(1), Self.busy(10)]] {
            let families = try PrometheusText.parse(try Self.text(workers: workers))
            #expect(families.count > 20)
            for (name, family) in families {
                #expect(name.hasPrefix("parley_") || name.hasPrefix("process_"))
                #expect(!family.help.isEmpty)
                #expect(family.type != "counter" || name.hasSuffix("_total"))
            }
        }
    }

    @Test("figures are sums over the workers, by label where there is one")
    func sums() throws {
        let families = try PrometheusText.parse(try Self.text(workers: [Self.busy(1), Self.busy(10)]))
        func value(_ family: String, _ labels: [String: String] = [:]) -> Double? {
            families[family]?.samples.first { $0.labels == labels }?.value
        }
        #expect(value("parley_workers") == 2)
        #expect(value("parley_connections") == 22)
        #expect(value("parley_sessions") == 11)
        #expect(value("parley_http_responses_total", ["status": "200"]) == 11)
        #expect(value("parley_http_responses_total", ["status": "404"]) == 2)
        #expect(value("parley_refusals_total", ["error": "badRequest"]) == 11)
        #expect(value("parley_disconnects_total", ["reason": "slow"]) == 2)
        #expect(value("parley_archive_healthy") == 1)
        #expect(value("parley_build_info", ["version": Build.version]) == 1)
        #expect(value("parley_deliveries_total", ["kind": "stored"]) == 66)
        #expect(value("parley_deliveries_total", ["kind": "ephemeral"]) == 33)
        #expect(value("parley_deliveries_total", ["kind": "recovered"]) == 11)
        #expect(value("parley_token_verifications_total", ["result": "accepted"]) == 11)
        #expect(value("parley_token_verifications_total", ["result": "refused"]) == 2)
        #expect(value("parley_gaps_total") == 55 && value("parley_gaps_healed_total") == 44)
        #expect(value("parley_late_total") == 33)
        // One deaf worker is enough.
        #expect(value("parley_broker_healthy") == 0)
        #expect(value("parley_broker_published_total") == 11)
        #expect(value("parley_broker_dropped_total", ["reason": "mac"]) == 11)
    }

    @Test("a histogram's buckets only grow, end in +Inf, and agree with its count")
    func histogramsAreCumulative() throws {
        let families = try PrometheusText.parse(try Self.text(workers: []))
        let histograms = families.filter { $0.value.type == "histogram" }
        #expect(histograms.count == 2)
        for (name, family) in histograms {
            let buckets = family.samples.filter { $0.name == name + "_bucket" }
            let bounds = buckets.compactMap { $0.labels["le"].flatMap(Double.init) }
            #expect(bounds.count == buckets.count && bounds == bounds.sorted() && bounds.last == .infinity)
            #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
            #expect(family.samples.first { $0.name == name + "_count" }?.value == buckets.last?.value)
            #expect(family.samples.contains { $0.name == name + "_sum" })
        }
    }

    @Test("without a broker or tokens nothing is told of them")
    func omitsWhatIsNotThere() throws {
        let lonely = WorkerFigures(counters: Counters(), hub: HubStatistics())
        let text = try Self.text(workers: [lonely])
        #expect(!text.contains("parley_broker") && !text.contains("parley_token"))
    }

    @Test("commits are measured in seconds")
    func usesSeconds() throws {
        let meter = ArchiveMeter()
        meter.committed([.unavailable], in: .microseconds(250))
        meter.committed([.unavailable], in: .milliseconds(500))
        let health = ArchiveHealth(isHealthy: true, remarks: [], statistics: meter.statistics)
        let text = MetricsText(workers: [], archive: health, process: nil).text
        let family = try #require(try PrometheusText.parse(text)["parley_archive_commit_seconds"])
        func bucket(_ bound: Double) -> Double? {
            family.samples.first { $0.labels["le"].flatMap(Double.init) == bound }?.value
        }
        #expect(bucket(0.0001) == 0 && bucket(0.00025) == 1 && bucket(0.25) == 1 && bucket(1) == 2)
        #expect(family.samples.first { $0.name.hasSuffix("_sum") }?.value == 0.50025)
    }
}
