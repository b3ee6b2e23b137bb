package import Chat
import Synchronization
import Time

/// The archive's counters: written by its thread, read by any.
package final class ArchiveMeter: Sendable {
    private let health = Atomic(true)
    private let batches = Counter()
    private let failedBatches = Counter()
    private let stored = Counter()
    private let repeated = Counter()
    private let refused = Counter()
    private let unavailable = Counter()
    private let reads = Counter()
    private let batchSizes = BucketCounter(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256])
    private let commitMicroseconds = BucketCounter(
        bounds: [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000])

    /// Nothing counted yet.
    package init() {}

    /// Whether the last write went through.
    package var isHealthy: Bool { health.load(ordering: .relaxed) }

    /// Notes that a write went through, or did not; true where the one before ended otherwise.
    package func turned(healthy: Bool) -> Bool { health.exchange(healthy, ordering: .relaxed) != healthy }

    /// A batch was committed, with these outcomes.
    package func committed(_ outcomes: [AppendOutcome], in duration: Duration) {
        batches.add(1)
        batchSizes.add(outcomes.count)
        commitMicroseconds.add(Int(duration.inNanoseconds / 1000))
        for outcome in outcomes {
            switch outcome {
            case .stored: stored.add(1)
            case .repeated: repeated.add(1)
            case .clientIdReused, .refused: refused.add(1)
            case .unavailable: unavailable.add(1)
            }
        }
    }

    /// A batch failed.
    package func batchFailed() { failedBatches.add(1) }

    /// Drafts were answered `unavailable`.
    package func gaveUp(_ drafts: Int) { unavailable.add(drafts) }

    /// Something was read.
    package func read() { reads.add(1) }

    /// The counters now. One by one: a batch may be in some and not yet in others.
    package var statistics: ArchiveStatistics {
        ArchiveStatistics(
            batches: batches.value, failedBatches: failedBatches.value, stored: stored.value,
            repeated: repeated.value, refused: refused.value, unavailable: unavailable.value,
            reads: reads.value,
            batchSizes: batchSizes.histogram, commitMicroseconds: commitMicroseconds.histogram)
    }
}

private final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ number: Int) { count.wrappingAdd(number, ordering: .relaxed) }
}

private final class BucketCounter: Sendable {
    private let bounds: [Int]
    private let buckets: [Counter]
    private let sum = Counter()

    init(bounds: [Int]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    func add(_ value: Int) {
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count].add(1)
        sum.add(value)
    }

    var histogram: ArchiveStatistics.Histogram {
        ArchiveStatistics.Histogram(bounds: bounds, counts: buckets.map(\.value), sum: sum.value)
    }
}
