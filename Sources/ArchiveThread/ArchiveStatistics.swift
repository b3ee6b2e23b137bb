/// What an archive did since it was opened, for `/metrics`.
package struct ArchiveStatistics: Sendable, Hashable {
    /// Batches committed.
    package var batches: Int
    /// Batches that failed: nothing of them is known to be stored.
    package var failedBatches: Int
    /// Drafts stored.
    package var stored: Int
    /// Drafts that were stored before.
    package var repeated: Int
    /// Drafts refused: bad ones, and reused client ids.
    package var refused: Int
    /// Drafts answered `unavailable`.
    package var unavailable: Int
    /// Pages, heads and lists read.
    package var reads: Int
    /// Drafts per committed batch.
    package var batchSizes: Histogram
    /// Microseconds from the beginning of a batch's transaction to its commit.
    package var commitMicroseconds: Histogram

    /// Counts by size.
    package struct Histogram: Sendable, Hashable {
        /// The upper ends of the buckets, each included; one more bucket holds the rest.
        package let bounds: [Int]
        /// One count per bucket, not cumulative.
        package let counts: [Int]
        /// All values together.
        package let sum: Int
    }
}
