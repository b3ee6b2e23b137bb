/// `/metrics`: the Prometheus text format, over all workers. No label bears a room or a user.
struct MetricsText {
    private(set) var text = ""

    /// What is known now; `process` is nil where the kernel tells nothing.
    init(workers: [WorkerFigures], archive: ArchiveHealth, process: ProcessFigures?) {
        counters("parley_build_info", "What runs.", label: "version", [(Build.version, 1)], type: "gauge")
        add(workers)
        add(archive)
        add(workers.compactMap(\.broker))
        add(workers.compactMap(\.tokens))
        if let process { add(process) }
    }

    mutating func gauge(_ name: String, _ help: String, _ value: some Numeric) {
        sample(name, help, "gauge", value)
    }

    mutating func counter(_ name: String, _ help: String, _ value: some Numeric) {
        sample(name, help, "counter", value)
    }

    private mutating func sample(_ name: String, _ help: String, _ type: String, _ value: some Numeric) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(name) \(value)\n"
    }

    /// A sample for each value of a label. The values are ours: names of errors and the like.
    mutating func counters(
        _ name: String, _ help: String, label: String, _ values: [(String, Int)], type: String = "counter"
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (value, count) in values.sorted(by: { $0.0 < $1.0 }) {
            text += "\(name){\(label)=\"\(value)\"} \(count)\n"
        }
    }

    /// A histogram with this many samples in each bucket; one more than `bounds`, not cumulative.
    mutating func histogram(
        _ name: String, _ help: String, bounds: [some Numeric], counts: [Int], sum: some Numeric
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        var total = 0
        for (place, count) in counts.enumerated() {
            total += count
            let bound = place < bounds.count ? "\(bounds[place])" : "+Inf"
            text += "\(name)_bucket{le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_sum \(sum)\n\(name)_count \(total)\n"
    }
}
