import ArchiveContract
import ArchiveSQLite
import Chat
import ChatProtocol
import Testing

@Suite("The archive in SQLite as a port")
struct SQLiteArchiveTests {
    @Test("in a file it keeps the archive's contract", arguments: ArchiveContract.cases)
    func keepsTheContract(_ rule: ArchiveCase) throws { try rule.check(SQLiteHarness()) }

    @Test(
        "in memory it keeps the archive's contract",
        arguments: ArchiveContract.cases.filter { !$0.needsRestart })
    func keepsTheContractInMemory(_ rule: ArchiveCase) throws {
        try rule.check(SQLiteHarness(inMemory: true))
    }

    @Test("after close everything is answered unavailable, and never inside the call")
    func answersAfterClose() throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        harness.store.close()
        for _ in 1...2 {
            #expect(
                try harness.append(drafts(1...3), to: archive) == Array(repeating: .unavailable, count: 3))
            let room = try drafts(1...1)[0].room
            guard case .failure = try harness.open(room, in: archive) else { return #expect(Bool(false)) }
            var failures = 0
            archive.heads(of: [room]) { if case .failure = $0 { failures += 1 } }
            archive.rooms(of: UserKey(tenant: .default, user: try UserID("ann")), after: nil, limit: 1) {
                if case .failure = $0 { failures += 1 }
            }
            archive.remember(UserKey(tenant: .default, user: try UserID("ann")), in: room.name, joined: true)
            #expect(failures == 0)
            try harness.run { failures == 2 }
        }
        let late = try harness.endpoint()
        #expect(try harness.append(drafts(1...1), to: late) == [.unavailable])
    }

    @Test("what was asked before close is finished, and every draft is settled once")
    func finishesBeforeClose() throws {
        let harness = try SQLiteHarness()
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

    @Test("a completion may ask again, also while the archive closes")
    func completionsMayAsk() throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        var outcomes: [AppendOutcome] = []
        let (first, second) = (try drafts(1...1), try drafts(2...2))
        archive.append(first) { settlements in
            outcomes += settlements.map(\.outcome)
            archive.append(second) { outcomes += $0.map(\.outcome) }
        }
        harness.store.close()
        try harness.run { outcomes.count == 2 }
        #expect(outcomes.storedOffsets == [1] && outcomes[1] == .unavailable)
    }
}
