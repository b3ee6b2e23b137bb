import ArchiveContract
import ArchivePostgres
import Chat
import ChatProtocol
import TestServers
import Testing

@Suite("The archive in Postgres as a port")
struct PostgresArchiveTests {
    @Test("on a real server it keeps the archive's contract", arguments: ArchiveContract.cases)
    func keepsTheContract(_ rule: ArchiveCase) throws { try rule.check(PostgresHarness()) }

    @Test("after close everything is answered unavailable, and never inside the call")
    func answersAfterClose() throws {
        let harness = try PostgresHarness()
        let archive = try harness.endpoint()
        harness.store.close()
        for _ in 1...2 {
            #expect(
                try harness.append(drafts(1...3), to: archive) == Array(repeating: .unavailable, count: 3))
            guard case .failure = try harness.open(room(), in: archive) else { return #expect(Bool(false)) }
            var failures = 0
            archive.heads(of: [try room()]) { if case .failure = $0 { failures += 1 } }
            archive.rooms(of: UserKey(tenant: .default, user: try UserID("ann")), after: nil, limit: 1) {
                if case .failure = $0 { failures += 1 }
            }
            #expect(failures == 0)
            try harness.run { failures == 2 }
        }
        let late = try harness.endpoint()
        #expect(try harness.append(drafts(1...1), to: late) == [.unavailable])
    }

    @Test("what was asked before close is finished, and every draft is settled once")
    func finishesBeforeClose() throws {
        let harness = try PostgresHarness()
        let archive = try harness.endpoint()
        let batch = try drafts(1...1000)
        var settlements: [Settlement] = []
        archive.append(batch) { settlements += $0 }
        harness.store.close()
        archive.append(try drafts(2000...2000)) { settlements += $0 }
        try harness.run { settlements.count == 1001 }
        #expect(Set(settlements.map(\.token)).count == 1001)
        #expect(settlements.count { $0.outcome == .unavailable } == 1)
        try harness.restart()
        let page = try harness.open(batch[0].room, in: harness.endpoint()).get()
        #expect(page.state.head == 1000)
    }
}
