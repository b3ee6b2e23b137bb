import Glibc
import Histogram
import JSON
import Time

/// What came out of a replay, for people and for programs.
struct ReplayResult {
    let messages: Int
    let acknowledged: Int
    let rooms: Int
    let talkers: Int
    let listeners: Int
    let seconds: Double
    let rowsRead: Int
    let deliveries: Int
    let repeats: Int
    let reconnects: Int
    let unavailable: Int
    let tooMany: Int
    let restAcknowledged: Int
    let restBroken: Int
    let interleavedRooms: Int
    let alternations: Int
    let latency: Latency
    let restLatency: Latency
    let cpuSeconds: Double
    let closes: [UInt16: Int]
    let violations: Violations
    let run: String

    /// What a finished replay counted.
    init(_ replay: Replay, seconds: Duration, provenRows: Int, provenDeliveries: Int) {
        let stage = replay.stage
        let tally = stage.tally
        messages = stage.ledger.drafts.count
        acknowledged = stage.ledger.acknowledged
        rooms = stage.corpus.rooms.count
        talkers = stage.corpus.rooms.reduce(0) { $0 + $1.talkers.count }
        listeners = stage.options.listeners * rooms
        self.seconds = Double(seconds.inNanoseconds) / 1e9
        rowsRead = provenRows
        deliveries = provenDeliveries
        repeats = stage.ledger.repeats
        reconnects = tally.reconnects
        unavailable = tally.unavailable
        tooMany = tally.tooMany
        restAcknowledged = stage.ledger.restAcknowledged
        restBroken = tally.restBroken
        interleavedRooms = stage.ledger.alternations.filter { $0 > 0 }.count
        alternations = stage.ledger.alternations.reduce(0, +)
        latency = Latency(tally.latency)
        restLatency = Latency(tally.restLatency)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
        cpuSeconds = user + Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
        closes = tally.closes
        violations = tally.violations
        run = stage.options.run
    }

    /// Whether every proof holds.
    var isProven: Bool { violations.total == 0 }

    /// The final table.
    var table: String {
        let rate = seconds > 0 ? Double(acknowledged) / seconds : 0
        var rows: [(String, String)] = [
            ("messages", "\(messages) of \(talkers) talkers in \(rooms) rooms, \(acknowledged) acknowledged"),
            ("seconds", "\(fixed(seconds, 2)), \(fixed(rate, 0)) messages a second"),
            ("acknowledged after", latency.description),
            ("  through REST", restLatency.description),
            ("deliveries", "\(deliveries) to \(talkers + listeners) subscribers"),
            ("through REST", "\(restAcknowledged) (\(fixed(share(restAcknowledged), 1)) %)"),
            ("interleaved", "\(interleavedRooms) of \(rooms) rooms, \(alternations) changes of instance"),
            ("repeats answered", "\(repeats)"),
            ("reconnects", "\(reconnects)\(closesInWords)"),
            (
                "try again",
                "\(unavailable) unavailable, \(tooMany) tooManyOutstanding, \(restBroken) REST broken"
            ),
            ("archive rows read", "\(rowsRead)"),
            ("own CPU seconds", fixed(cpuSeconds, 2)),
        ]
        if isProven {
            rows.append(("proof", "holds: 0 missing, 0 repeated, 0 reordered, 0 unexpected"))
        } else {
            let counts = violations.counts.sorted { $0.key.rawValue < $1.key.rawValue }
            rows.append(("proof", "FAILS: " + counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")))
        }
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value
        }
        return (lines + violations.first.map { "  \($0.kind): \($0.sentence)" }).joined(separator: "\n")
            + "\n"
    }

    private var closesInWords: String {
        if closes.isEmpty { return "" }
        return "; closed with "
            + closes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) times" }
            .joined(separator: ", ")
    }

    private func share(_ part: Int) -> Double { messages == 0 ? 0 : 100 * Double(part) / Double(messages) }
}

extension ReplayResult {
    /// The same for programs.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("proven")
        writer.boolean(isProven)
        writer.key("run")
        writer.string(run)
        let counts: [(StaticString, Int)] = [
            ("messages", messages), ("acknowledged", acknowledged), ("rooms", rooms), ("talkers", talkers),
            ("listeners", listeners), ("deliveries", deliveries), ("repeats", repeats),
            ("reconnects", reconnects), ("unavailable", unavailable), ("tooManyOutstanding", tooMany),
            ("restAcknowledged", restAcknowledged), ("restBroken", restBroken),
            ("interleavedRooms", interleavedRooms), ("alternations", alternations),
            ("archiveRowsRead", rowsRead), ("violations", violations.total),
        ]
        for (name, value) in counts {
            writer.key(name)
            writer.integer(Int64(value))
        }
        let figures: [(StaticString, Double)] = [
            ("seconds", seconds), ("latencyP50Ms", latency.p50), ("latencyP99Ms", latency.p99),
            ("latencyMaxMs", latency.most), ("restLatencyP50Ms", restLatency.p50),
            ("restLatencyP99Ms", restLatency.p99), ("restLatencyMaxMs", restLatency.most),
            ("cpuSeconds", cpuSeconds),
        ]
        for (name, value) in figures {
            writer.key(name)
            writer.raw(Array(fixed(value, 3).utf8).span)
        }
        writer.key("violationsByKind")
        writer.beginObject()
        for (kind, count) in violations.counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.key(text: kind.rawValue)
            writer.integer(Int64(count))
        }
        writer.endObject()
        writer.key("firstViolations")
        writer.beginArray()
        for violation in violations.first { writer.string("\(violation.kind): \(violation.sentence)") }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }
}

/// Some percentiles, in milliseconds; 0 where nothing was measured.
struct Latency: CustomStringConvertible {
    let p50: Double
    let p99: Double
    let most: Double

    /// Of a histogram of microseconds.
    init(_ histogram: Histogram<UInt32>) {
        let milliseconds = { (value: UInt64) in histogram.totalCount == 0 ? 0 : Double(value) / 1000 }
        p50 = milliseconds(histogram.valueAtPercentile(50))
        p99 = milliseconds(histogram.valueAtPercentile(99))
        most = milliseconds(histogram.max)
    }

    var description: String {
        "p50 \(fixed(p50, 1)) ms, p99 \(fixed(p99, 1)) ms, at most \(fixed(most, 1)) ms"
    }
}

/// A number with so many digits behind its point.
func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int64((value * scale).rounded())
    guard digits > 0 else { return "\(scaled)" }
    let fraction = "\(abs(scaled) % Int64(scale))"
    let sign = scaled < 0 ? "-" : ""
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(abs(scaled) / Int64(scale)).\(zeros)\(fraction)"
}
