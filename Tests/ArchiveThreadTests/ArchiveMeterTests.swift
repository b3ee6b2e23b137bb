import Chat
import Testing

@testable import ArchiveThread

@Suite("The archive's counters")
struct SQLiteMeterTests {
    @Test("a value at a bucket's end belongs to it, and the largest ones have a bucket of their own")
    func buckets() {
        let meter = ArchiveMeter()
        for count in [1, 2, 3, 256, 257] {
            meter.committed(Array(repeating: .refused, count: count), in: .microseconds(count))
        }
        #expect(meter.statistics.batchSizes.counts == [1, 1, 1, 0, 0, 0, 0, 0, 1, 1])
        #expect(meter.statistics.batchSizes.sum == 519 && meter.statistics.refused == 519)
        #expect(meter.statistics.commitMicroseconds.counts.prefix(3) == [3, 0, 2])
    }

    @Test("health tells only of changes")
    func health() {
        let meter = ArchiveMeter()
        #expect(meter.isHealthy && !meter.turned(healthy: true))
        #expect(meter.turned(healthy: false) && !meter.turned(healthy: false) && !meter.isHealthy)
        #expect(meter.turned(healthy: true) && meter.isHealthy)
    }
}
