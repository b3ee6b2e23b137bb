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
        // Whoever has just come has to show that what it was given is right; whoever has been well goes on
        // without: publications are stored, and the archive's sweep brings those of other instances.
        if let broker = brokers.first(where: { !$0.hasBeenWell }) {
            let reason = broker.reason.map { " (\($0))" } ?? ""
            reasons.append("Redis has not been heard since the start\(reason)")
        }
        isReady = reasons.isEmpty
        var lines: [String] = reasons.map { "not ready: \($0)" }
        if reasons.isEmpty { lines.append("ready") }
        if let broker = brokers.first(where: { $0.hasBeenWell && !$0.isWell }) {
            let reason = broker.reason.map { " (\($0))" } ?? ""
            let sentence =
                "Redis is not heard\(reason): stored publications of other instances come from the archive, "
                + "later; typing, rosters and ephemeral rooms stay apart"
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
