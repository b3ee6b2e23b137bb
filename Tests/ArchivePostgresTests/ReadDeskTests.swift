import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import Networking
import TestServers
import Testing
import Time

/// Reads have no order to keep and nothing to lose: they are asked again, or fail in time.
@Suite("Reading from Postgres")
struct ReadDeskTests {
    @Test("reads under way when all connections are cut are asked again and answered")
    func asksAgain() throws {
        let harness = try PostgresHarness()
        let archive = try harness.archive()
        _ = try harness.append(drafts(1...20, bodyBytes: 1000), to: archive)
        try harness.settle()
        let lobby = try room()
        var pages = 0
        var failures: [ArchiveError] = []
        for round in 0..<300 {
            archive.read(lobby, .newest, limit: 20, bytes: .max) { result in
                switch result {
                case .success(let page): pages += page.publications.count == 20 ? 1 : 0
                case .failure(let error): failures.append(error)
                }
            }
            if round == 150 { try harness.cutConnections() }
        }
        try harness.run { pages + failures.count == 300 }
        #expect(failures.isEmpty)
    }

    @Test("a thousand rooms opened at once are made once each, over both connections")
    func opensMany() throws {
        let first = try PostgresHarness()
        let other = try PostgresHarness(url: first.url)
        var ids: [[String: Int64]] = [[:], [:]]
        let archives = [try first.archive(), try other.archive()]
        for (index, archive) in archives.enumerated() {
            for number in 0..<500 {
                let key = try room("room-\(number)")
                archive.open(key, tail: 0, tailBytes: 0) {
                    ids[index][key.name.description] = (try? $0.get())?.state.id ?? -1
                }
            }
        }
        try first.run {
            try? other.loop.turn(sleepingAtMost: .milliseconds(1))
            return ids.allSatisfy { $0.count == 500 }
        }
        #expect(ids[0] == ids[1] && Set(ids[0].values).count == 500 && !ids[0].values.contains(-1))
        #expect(try first.sql("select count(*), count(distinct room) from parley.forks") == "500|500")
        withExtendedLifetime(archives) {}
    }

    @Test("a page is found by index, whatever the room's size")
    func pagesByIndex() throws {
        let harness = try PostgresHarness(lanes: 1)
        _ = try harness.append(drafts(1...3000), to: harness.endpoint())
        try harness.restart()
        let archive = try harness.endpoint()
        // Building the indexes and judging the first drafts of an empty table looked at all of it.
        try harness.sql("select pg_stat_reset()")
        let lobby = try room()
        let seen = "select seq_scan, idx_scan >= 29 from pg_stat_user_tables where relname = 'publications'"
        for offset in stride(from: 100, to: 3000, by: 100) {
            var offsets: [Offset] = []
            archive.read(lobby, .before(Offset(offset)), limit: 10, bytes: 35) {
                offsets = (try? $0.get())?.publications.compactMap { $0.position?.offset } ?? [0]
            }
            try harness.run { !offsets.isEmpty }
            // Ten are looked at, and 35 bytes hold eight of four.
            #expect(offsets == (1...8).reversed().map { Offset(offset) - $0 })
        }
        // Counters are written when a connection ends.
        harness.store.close()
        #expect(try harness.sql(seen) == "0|t")
    }
}
