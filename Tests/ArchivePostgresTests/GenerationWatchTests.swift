import ChatProtocol
import Testing

@testable import ArchivePostgres

@Suite("Whether a generation goes on from what was known")
struct GenerationWatchTests {
    private var watch = GenerationWatch()

    private mutating func judge(_ present: Int64) -> GenerationWatch.Finding? {
        watch.judge(ArchiveGeneration(number: present))
    }

    @Test("one that is believed may stay, a later one too, and any where nothing was believed yet")
    mutating func stays() {
        #expect(judge(7) == nil)
        watch.believed = ArchiveGeneration(number: 8)
        #expect(judge(8) == nil && judge(9) == nil)
    }

    @Test("an earlier one is said once to be a copy that was put back, until the next copy is")
    mutating func earlier() {
        watch.believed = ArchiveGeneration(number: 8)
        let finding = judge(7)
        #expect(finding?.script == SweepQueries.takeOver(believing: ArchiveGeneration(number: 8)))
        #expect(finding?.notice?.contains("in generation 7, where 8 was in force already") == true)
        let again = judge(7)
        #expect(again != nil && again?.notice == nil)
        #expect(judge(9) == nil)
        #expect(judge(7)?.notice != nil)
    }

    @Test("a doubt lasts until a later generation is in force, whatever was doubted after it")
    mutating func doubts() {
        watch.believed = ArchiveGeneration(number: 8)
        watch.doubt(ArchiveGeneration(number: 8))
        watch.doubt(ArchiveGeneration(number: 6))
        let finding = judge(8)
        #expect(finding?.script == SweepQueries.takeOver(after: ArchiveGeneration(number: 8)))
        #expect(finding?.notice?.contains("published in generation 8") == true)
        #expect(judge(8)?.notice == nil)
        #expect(judge(9) == nil && judge(8) == nil, "the doubt is settled")
    }
}
