import ArchivePostgres
import ArchiveThread
import Chat
import ChatProtocol
import Glibc
import Networking
import TestServers
import Testing
import Time

/// What several instances on one database owe each other: each store here is one.
@Suite("Several instances on one Postgres")
struct PostgresInstancesTests {
    @Test("the same draft through two instances at once is stored once and repeated once")
    func storesOnce() throws {
        let first = try PostgresHarness()
        let second = try PostgresHarness(url: first.url)
        let archives = [try first.archive(), try second.archive()]
        for round in 1...50 {
            let same = try drafts(round...round)
            var outcomes: [[AppendOutcome]] = [[], []]
            archives[0].append(same) { outcomes[0] += $0.map(\.outcome) }
            archives[1].append(same) { outcomes[1] += $0.map(\.outcome) }
            try first.run {
                try? second.loop.turn(sleepingAtMost: .milliseconds(1))
                return outcomes.allSatisfy { $0.count == 1 }
            }
            let both = outcomes.flatMap { $0 }
            #expect(both.count { $0.isStored } == 1 && both.count { $0.isRepeat } == 1, "\(both)")
            #expect(both[0].position == both[1].position && both[0].position?.offset == Offset(round))
        }
    }

    @Test("two instances that start at once on an empty database make one schema and one secret")
    func migratesOnce() throws {
        let url = try PostgresServer.shared.makeDatabase()
        let harnesses = try (1...4).map { _ in try PostgresHarness(url: url) }
        let archives = try harnesses.map { try $0.archive() }
        func keys(_ harness: PostgresHarness) -> [[UInt8]] {
            harness.news.compactMap { news in if case .clusterKey(let key) = news { key } else { nil } }
        }
        for harness in harnesses { try harness.run { !keys(harness).isEmpty } }
        let told = Set(harnesses.flatMap(keys))
        #expect(told.count == 1 && told.first!.count == 32)
        #expect(archives.count == 4)
        #expect(try harnesses[0].sql("select count(*), max(version) from parley.migrations") == "1|1")
        // Whoever comes later is told too.
        var late: [ArchiveNews] = []
        let endpoint = try harnesses[0].store.endpoint(on: harnesses[0].loop) { late.append($0) }
        try harnesses[0].run { !late.isEmpty }
        #expect(late.first == .clusterKey(told.first!))
        withExtendedLifetime(endpoint) {}
    }

    @Test("8 writers on overlapping rooms: no deadlock, dense offsets, each room 1 to its head")
    func writesDense() throws {
        let seconds = getenv("PARLEY_WRITERS_SECONDS").flatMap { Int(String(cString: $0)) } ?? 5
        let url = try PostgresServer.shared.makeDatabase()
        let harness = try PostgresHarness(url: url)
        try harness.settle()
        let names = (0..<40).map { "room-\($0)" }
        let writers = try (1...8).map { try Writer($0, url: url, rooms: names) }
        let end = Clock.instant + .seconds(seconds)
        while Clock.instant < end {
            for writer in writers { try writer.keepWriting() }
            try harness.loop.turn(sleepingAtMost: .zero)
        }
        for writer in writers { try writer.finish() }
        #expect(writers.allSatisfy { $0.bad.isEmpty }, "\(writers.flatMap(\.bad).prefix(3))")
        let stored = writers.reduce(0) { $0 + $1.stored }
        #expect(stored > 100)
        let archive = try harness.archive()
        var total: Offset = 0
        for name in names {
            let state = try harness.open(room(name), in: archive).get().state
            total += state.head
            #expect(state.first == 1)
        }
        #expect(total == Offset(stored))
        #expect(
            try harness.sql(
                """
                select count(*) from parley.rooms r where r.head <> (
                    select count(*) from parley.publications p where p.room = r.id and p."offset" <= r.head)
                """) == "0")
        #expect(try harness.sql("select count(*) from parley.publications") == "\(stored)")
        #expect(
            try harness.sql("select deadlocks from pg_stat_database where datname = current_database()")
                == "0")
    }
}

/// One instance that keeps storing drafts in rooms drawn in turn.
private final class Writer {
    private let harness: PostgresHarness
    private let archive: any Archive
    private let number: Int
    private let rooms: [String]
    private var lastToken = 0
    private var underWay = 0
    private(set) var stored = 0
    private(set) var bad: [AppendOutcome] = []

    init(_ number: Int, url: String, rooms: [String]) throws {
        harness = try PostgresHarness(url: url)
        archive = try harness.endpoint()
        self.number = number
        self.rooms = rooms
    }

    func keepWriting() throws {
        while underWay < 4 {
            // Each in an order of his own.
            let group = try (0..<16).map { place in
                lastToken += 1
                return try drafts(
                    lastToken...lastToken,
                    room: rooms[(lastToken / 16 * 7 + place * (2 * number + 1)) % rooms.count],
                    user: "writer-\(number)")[0]
            }
            underWay += 1
            var left = group.count
            archive.append(group) { [self] settlements in
                for settlement in settlements {
                    if settlement.outcome.isStored { stored += 1 } else { bad.append(settlement.outcome) }
                }
                left -= settlements.count
                if left == 0 { underWay -= 1 }
            }
        }
        try harness.loop.turn(sleepingAtMost: .zero)
    }

    func finish() throws { try harness.run { underWay == 0 } }
}
