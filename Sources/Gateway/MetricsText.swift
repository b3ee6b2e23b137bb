import ArchiveThread
import Chat

/// How the archive is, as `/readyz` and `/metrics` tell it.
struct ArchiveHealth: Sendable {
    let isHealthy: Bool
    let statistics: ArchiveStatistics

    init(of store: any ArchiveStore) {
        isHealthy = store.isHealthy
        statistics = store.statistics
    }
}

/// `/metrics`: the Prometheus text format, over all workers. No label bears a room or a user.
struct MetricsText {
    private(set) var text = ""

    init(workers: [WorkerFigures], archive: ArchiveHealth) {
        func sum(_ figure: (WorkerFigures) -> Int) -> Int { workers.reduce(0) { $0 + figure($1) } }
        gauge("parley_workers", "Event loops.", workers.count)
        gauge("parley_connections", "TCP connections open now.", sum { $0.counters.connections })
        counter(
            "parley_connections_accepted_total", "TCP connections accepted.", sum { $0.counters.accepted })
        counter(
            "parley_connections_refused_total", "TCP connections closed for want of a file descriptor.",
            sum { $0.counters.withoutDescriptor })
        counter(
            "parley_websockets_opened_total", "WebSocket handshakes done.", sum { $0.counters.webSockets })
        counter(
            "parley_websocket_failures_total", "WebSockets closed because the peer broke RFC 6455.",
            sum { $0.counters.webSocketFailures })
        counters(
            "parley_http_responses_total", "HTTP answers by status.", label: "status",
            merged(workers.map { $0.counters.answers }).map { (String($0.key), $0.value) })
        gauge("parley_sessions", "Sessions open now.", sum { $0.hub.sessions })
        gauge("parley_queued_bytes", "Bytes that sessions have not read.", sum { $0.counters.queuedBytes })
        counter(
            "parley_sessions_dropped_total", "Sessions dropped because all queues together cost too much.",
            sum { $0.counters.dropped })
        gauge("parley_rooms", "Rooms open now, counted per worker.", sum { $0.hub.rooms })
        gauge("parley_subscriptions", "Sessions in rooms now.", sum { $0.hub.subscriptions })
        gauge("parley_drafts_pending", "Drafts that wait for the archive.", sum { $0.hub.pendingDrafts })
        counters(
            "parley_publications_total", "Publications taken, by kind.", label: "kind",
            [
                ("stored", sum { $0.hub.stored }), ("repeat", sum { $0.hub.repeats }),
                ("ephemeral", sum { $0.hub.ephemeral }),
            ])
        counter("parley_deliveries_total", "Publications handed to sessions.", sum { $0.hub.deliveries })
        counter("parley_gaps_total", "Times a publication was missing and asked for.", sum { $0.hub.gaps })
        counter("parley_resyncs_total", "Times news contradicted what was known.", sum { $0.hub.resyncs })
        counter("parley_skips_total", "Ranges slow sessions were told to fetch.", sum { $0.hub.skips })
        counters(
            "parley_refusals_total", "Commands refused, by error.", label: "error",
            merged(workers.map { $0.hub.refusals }).map { ($0.key, $0.value) })
        counters(
            "parley_disconnects_total", "Sessions ended by the server, by reason.", label: "reason",
            merged(workers.map { $0.hub.disconnects }).map { ($0.key, $0.value) })
        add(archive)
    }

    private mutating func add(_ archive: ArchiveHealth) {
        let figures = archive.statistics
        gauge(
            "parley_archive_healthy", "1 when the archive's last write went through.",
            archive.isHealthy ? 1 : 0)
        counter("parley_archive_batches_total", "Group commits.", figures.batches)
        counter("parley_archive_failed_batches_total", "Group commits that failed.", figures.failedBatches)
        counter("parley_archive_reads_total", "Pages, heads and lists read.", figures.reads)
        histogram("parley_archive_batch_drafts", "Drafts per group commit.", figures.batchSizes)
        histogram(
            "parley_archive_commit_microseconds", "From the beginning of a group commit to its end.",
            figures.commitMicroseconds)
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n\(name) \(value)\n"
    }

    private mutating func counter(_ name: String, _ help: String, _ value: Int) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n\(name) \(value)\n"
    }

    private mutating func counters(_ name: String, _ help: String, label: String, _ values: [(String, Int)]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n"
        for (value, count) in values.sorted(by: { $0.0 < $1.0 }) {
            text += "\(name){\(label)=\"\(value)\"} \(count)\n"
        }
    }

    private mutating func histogram(_ name: String, _ help: String, _ values: ArchiveStatistics.Histogram) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        var total = 0
        for (place, count) in values.counts.enumerated() {
            total += count
            let bound = place < values.bounds.count ? String(values.bounds[place]) : "+Inf"
            text += "\(name)_bucket{le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_sum \(values.sum)\n\(name)_count \(total)\n"
    }
}

private func merged<Key: Hashable>(_ counts: [[Key: Int]]) -> [Key: Int] {
    counts.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
}
