import ArchiveThread
import Chat
import ChatProtocol
import Glibc
import Networking
import Testing

@testable import ArchiveSQLite

@Suite("The SQLite archive of a process")
struct SQLiteStoreTests {
    private func refusal(_ path: String) -> SQLiteStoreError? {
        do {
            try SQLiteStore.open(.file(path)).close()
            return nil
        } catch { return error }
    }

    @Test("a file that cannot be an archive is refused with a sentence, and left as it is")
    func refusesFiles() throws {
        let directory = TemporaryDirectory()
        directory.write(
            "This is a diary, and far from being a database. " + String(repeating: "x", count: 5000),
            to: "diary")
        let foreign = try SQLiteDatabase(path: directory.file("foreign.db"))
        try foreign.execute("create table songs (name text)")
        #expect(
            refusal(directory.file("none/parley.db"))
                == .directoryMissing(path: directory.file("none/parley.db")))
        #expect(refusal(directory.path) == .isDirectory(path: directory.path))
        #expect(refusal(directory.file("new/")) == .isDirectory(path: directory.file("new/")))
        #expect(refusal(directory.file("diary")) == .notADatabase(path: directory.file("diary")))
        #expect(refusal(directory.file("foreign.db")) == .notOurs(path: directory.file("foreign.db")))
        #expect(try foreign.text("pragma journal_mode") == "delete")
        guard case .failed = refusal("") else { return #expect(Bool(false)) }
        #expect(refusal("/sys/parley.db") == .notPermitted(path: "/sys/parley.db"))
    }

    @Test("a database of a newer parley is refused, and both versions are named")
    func refusesNewer() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("parley.db")
        try SQLiteStore.open(.file(path)).close()
        try SQLiteDatabase(path: path).execute("pragma user_version = 99")
        #expect(refusal(path) == .newer(path: path, version: 99, known: Migrations.latestVersion))
        #expect(refusal(path)?.description.contains("schema 99") == true)
    }

    @Test("two processes never serve one file, by whatever name; it is free again after close")
    func locks() throws {
        let directory = TemporaryDirectory()
        let (path, link) = (directory.file("parley.db"), directory.file("link.db"))
        let store = try SQLiteStore.open(.file(path))
        symlink(path, link)
        #expect(refusal(path) == .inUse(path: path))
        #expect(refusal(link) == .inUse(path: link))
        #expect(refusal(directory.path + "/./parley.db") != nil)
        #expect(refusal(path)?.description.contains("is in use by another parley process") == true)
        #expect(throws: SQLiteStoreError.inUse(path: path)) { try SQLiteStore.newGeneration(inFile: path) }
        #expect(throws: SQLiteStoreError.inUse(path: path)) { try SQLiteStore.migrate(file: path) }
        store.close()
        store.close()
        #expect(refusal(link) == nil)
    }

    @Test("a clean end folds the log into the database")
    func checkpoints() throws {
        let harness = try SQLiteHarness()
        _ = try harness.append(drafts(1...10), to: harness.endpoint())
        harness.store.close()
        let database = try SQLiteDatabase(path: harness.path)
        #expect(access(harness.path + "-wal", F_OK) != 0)
        #expect(try database.integer("select count(*) from publications") == 10)
    }

    @Test("a file made anew begins another generation than none, and every new one is later")
    func generations() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("parley.db")
        #expect(try SQLiteStore.migrate(file: path) == (from: 0, to: Migrations.latestVersion))
        #expect(
            try SQLiteStore.migrate(file: path) == (
                from: Migrations.latestVersion, to: Migrations.latestVersion
            ))
        let made = try SQLiteDatabase(path: path).integer("select generation from archive")
        #expect(made > 1_700_000_000)
        let first = try SQLiteStore.newGeneration(inFile: path)
        let second = try SQLiteStore.newGeneration(inFile: path)
        #expect(first.number > made && second > first)
    }

    @Test(
        """
        G5: while another holds the database, drafts are unavailable, reads are answered, and then it \
        recovers
        """)
    func busy() throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        #expect(try harness.append(drafts(1...2), to: archive).storedOffsets == [1, 2])
        let other = try SQLiteDatabase(path: harness.path)
        try other.execute("begin immediate")
        #expect(try harness.append(drafts(3...300), to: archive).allSatisfy { $0 == .unavailable })
        #expect(!harness.store.isHealthy)
        #expect(try harness.open(drafts(1...1)[0].room, in: archive).get().state.head == 2)
        guard case .failure = try harness.open(drafts(1...1, room: "new")[0].room, in: archive) else {
            return #expect(Bool(false), "a room cannot be made now")
        }
        try other.execute("rollback")
        #expect(try harness.append(drafts(3...300), to: archive).storedOffsets == Array(3...300))
        #expect(harness.store.isHealthy)
        try harness.run { harness.events.count == 2 }
        #expect(harness.events.last == .writesAgain)
        #expect(harness.store.statistics.failedBatches == 1 && harness.store.statistics.unavailable == 298)
    }

    @Test(
        "a database that was moved away, or its log, takes no drafts until it is back",
        arguments: ["", "-wal"])
    func moved(_ suffix: String) throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        let path = harness.path + suffix
        #expect(try harness.append(drafts(1...2), to: archive).storedOffsets == [1, 2])
        rename(path, path + ".away")
        #expect(try harness.append(drafts(3...4), to: archive) == [.unavailable, .unavailable])
        #expect(!harness.store.isHealthy)
        rename(path + ".away", path)
        try harness.run { harness.store.isHealthy }
        #expect(try harness.append(drafts(3...4), to: archive).storedOffsets == [3, 4])
    }

    @Test("without traffic it finds out by itself that it can write again")
    func probes() throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        let other = try SQLiteDatabase(path: harness.path)
        try other.execute("begin immediate")
        #expect(try harness.append(drafts(1...1), to: archive) == [.unavailable])
        try other.execute("rollback")
        try harness.run { harness.store.isHealthy && harness.events.last == .writesAgain }
    }

    @Test("G5: a full disk makes drafts unavailable, loses nothing, and is survived")
    func diskFull() throws {
        let harness = try SQLiteHarness()
        let archive = try harness.endpoint()
        // On a thread of its own: the signals it blocks stay open on this one.
        try LoopThread(name: "signals") { _ in Signals.prepare() }.join()
        var old = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
        var low = rlimit(rlim_cur: 2 << 20, rlim_max: old.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &low)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old) }
        let batch = try drafts(1...200, bodyBytes: 32 * 1024)
        let outcomes = try harness.append(batch, to: archive)
        let stored = outcomes.storedOffsets
        #expect(outcomes.contains(.unavailable) && !harness.store.isHealthy)
        #expect(
            stored == Array(1...Offset(stored.count)), "a prefix is stored, for all behind a failure fails")
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
        let again = try harness.append(batch, to: archive)
        #expect(again.storedOffsets == Array(Offset(stored.count) + 1...200))
        #expect(harness.store.isHealthy)
    }

    @Test("counters tell batches, outcomes and times")
    func counts() throws {
        let harness = try SQLiteHarness(inMemory: true)
        let archive = try harness.endpoint()
        _ = try harness.append(drafts(1...100), to: archive)
        _ = try harness.append(drafts(1...1), to: archive)
        _ = try harness.append(drafts(1...1, bodyBytes: 5), to: archive)
        _ = try harness.open(drafts(1...1)[0].room, in: archive)
        let statistics = harness.store.statistics
        #expect(statistics.stored == 100 && statistics.repeated == 1 && statistics.refused == 1)
        #expect(statistics.reads == 1 && statistics.failedBatches == 0 && statistics.unavailable == 0)
        #expect(statistics.batches == 4, "64 of one room, the other 36, and two of one")
        #expect(
            statistics.batchSizes.counts == [2, 0, 0, 0, 0, 0, 2, 0, 0, 0] && statistics.batchSizes.sum == 102
        )
        #expect(statistics.commitMicroseconds.counts.reduce(0, +) == 4)
    }
}
