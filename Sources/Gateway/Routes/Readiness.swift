import BrokerRedis

/// Whether a publication would be stored now, and what is wrong or weak: `/readyz`.
struct Readiness {
    let isReady: Bool
    /// A line for each reason; the first begins with `ready` or `not ready`.
    let text: String

    init(isDraining: Bool, archive: ArchiveHealth, brokers: [BrokerStatistics]) {
        // A server's own words may have several lines.
        let remarks = archive.remarks.map { $0.split(whereSeparator: \.isNewline).joined(separator: "; ") }
        var reasons: [String] = []
        if isDraining { reasons.append("the server is stopping") }
        if !archive.isHealthy {
            reasons += remarks.isEmpty ? ["the archive cannot be written"] : remarks
        }
        isReady = reasons.isEmpty
        var lines: [String] = reasons.map { "not ready: \($0)" }
        if reasons.isEmpty { lines.append("ready") }
        // Publications are stored, and the archive's sweep brings those of other instances.
        if let broker = brokers.first(where: { !$0.isWell }) {
            let reason = broker.reason.map { " (\($0))" } ?? ""
            let sentence =
                "Redis is not heard\(reason): what other instances publish comes from the archive, later"
            if isReady {
                lines = ["ready (degraded): \(sentence)"]
            } else {
                lines.append("remark: \(sentence)")
            }
        }
        if archive.isHealthy { lines += remarks.map { "remark: \($0)" } }
        text = lines.joined(separator: "\n") + "\n"
    }
}
