import ArchiveThread

/// How the archive is, as `/readyz` and `/metrics` tell it.
struct ArchiveHealth: Sendable {
    let isHealthy: Bool
    /// What is wrong or weak, sentences.
    let remarks: [String]
    let statistics: ArchiveStatistics

    init(of store: any ArchiveStore) {
        isHealthy = store.isHealthy
        remarks = store.remarks
        statistics = store.statistics
    }

    init(isHealthy: Bool, remarks: [String], statistics: ArchiveStatistics) {
        self.isHealthy = isHealthy
        self.remarks = remarks
        self.statistics = statistics
    }
}
