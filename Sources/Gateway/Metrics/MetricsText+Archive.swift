import ArchiveThread

extension MetricsText {
    /// The archive of the process.
    mutating func add(_ archive: ArchiveHealth) {
        let figures = archive.statistics
        gauge("parley_archive_healthy", "1 when publications can be stored.", archive.isHealthy ? 1 : 0)
        counter("parley_archive_batches_total", "Group commits.", figures.batches)
        counter("parley_archive_failed_batches_total", "Group commits that failed.", figures.failedBatches)
        counters(
            "parley_archive_drafts_total", "Drafts settled, by outcome.", label: "outcome",
            [
                ("stored", figures.stored), ("repeated", figures.repeated), ("refused", figures.refused),
                ("unavailable", figures.unavailable),
            ])
        counter("parley_archive_reads_total", "Pages, heads and lists read.", figures.reads)
        histogram(
            "parley_archive_batch_drafts", "Drafts per group commit.", bounds: figures.batchSizes.bounds,
            counts: figures.batchSizes.counts, sum: figures.batchSizes.sum)
        let latency = figures.commitMicroseconds
        histogram(
            "parley_archive_commit_seconds", "From the beginning of a group commit to its end.",
            bounds: latency.bounds.map { Double($0) / 1e6 }, counts: latency.counts,
            sum: Double(latency.sum) / 1e6)
    }
}
