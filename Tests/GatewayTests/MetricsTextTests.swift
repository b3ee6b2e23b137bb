import ArchiveSQLite
import Chat
import Testing

@testable import Gateway

@Suite("MetricsText: the Prometheus text format 0.0.4")
struct MetricsTextTests {
    private static func text(workers: [WorkerFigures]) throws -> String {
        let store = try SQLiteStore.open(.memory)
        defer { store.close() }
        return MetricsText(workers: workers, archive: ArchiveHealth(of: store)).text
    }

    private static func busy(_ scale: Int) -> WorkerFigures {
        var counters = Counters()
        counters.connections = 2 * scale
        counters.answers = [200: scale, 404: 1]
        var hub = HubStatistics()
        hub.sessions = scale
        hub.refusals = ["badRequest": scale]
        hub.disconnects = ["slow": 1]
        return WorkerFigures(counters: counters, hub: hub)
    }

    @Test("a parser of the format reads every line, idle or busy")
    func isValid() throws {
        for workers in [[], [Self.busy(1)], [Self.busy(1), Self.busy(10)]] {
            let families = try PrometheusText.parse(try Self.text(workers: workers))
            #expect(families.count > 20)
            for (name, family) in families {
                #expect(name.hasPrefix("parley_"))
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
}
