import ArchiveSQLite
import ArchiveThread
import Chat
import ChatProtocol
import Testing

@Suite("The archive's thread")
struct SQLiteThreadTests {
    @Test("beyond 32 MiB of waiting bodies, drafts are unavailable at once; those before are stored")
    func limitsWhatWaits() throws {
        let harness = try SQLiteHarness(inMemory: true)
        let outcomes = try harness.append(drafts(1...1030, bodyBytes: 32 * 1024), to: harness.endpoint())
        #expect(outcomes.prefix(1024).count { $0 != .unavailable } == 1024)
        #expect(outcomes.dropFirst(1024).allSatisfy { $0 == .unavailable })
        #expect(harness.store.statistics.unavailable == 6)
    }

    @Test("reads are answered while more is written than a batch holds")
    func readsDoNotStarve() throws {
        let harness = try SQLiteHarness(inMemory: true)
        let archive = try harness.endpoint()
        var settled = 0
        var settledAtRead: Int?
        archive.append(try drafts(1...5000)) { settled += $0.count }
        archive.open(try drafts(1...1)[0].room, tail: 0, tailBytes: 0) { _ in settledAtRead = settled }
        try harness.run { settled == 5000 && settledAtRead != nil }
        let batches = harness.store.statistics.batches
        #expect(batches > 50)
        #expect(settledAtRead! < 5000)
    }

    @Test("many rooms are made by one turn's reads, each once")
    func makesRooms() throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        var ids: [Int64] = []
        for _ in 1...2 {
            for number in 1...150 {
                let room = RoomKey(tenant: .default, name: try RoomName("room \(number)"))
                archive.open(room, tail: 1, tailBytes: 1) {
                    if let page = try? $0.get() { ids.append(page.state.id) }
                }
            }
        }
        try harness.run { ids.count == 300 }
        #expect(Set(ids).count == 150 && Array(ids[..<150]) == Array(ids[150...]))
    }
}
