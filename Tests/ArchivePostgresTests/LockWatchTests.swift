import Testing
import Time

@testable import ArchivePostgres

@Suite("Locks that nobody gives back")
struct LockWatchTests {
    private func lock(_ transaction: String, process: Int64 = 7, isHeld: Bool = true) -> TableLock {
        TableLock(
            process: process, transaction: transaction, table: "rooms", mode: "RowShareLock", isHeld: isHeld,
            barsAll: false, owner: "psql of role bob", behind: "")
    }

    @Test("a transaction seen for five seconds is told once, whatever number of locks it has")
    func tellsOnce() {
        var watch = LockWatch()
        let start = Instant(nanoseconds: 0)
        #expect(watch.see([lock("3/1"), lock("3/1")], at: start).isEmpty)
        #expect(watch.see([lock("3/1")], at: start + .milliseconds(4999)).isEmpty)
        let told = watch.see([lock("3/1"), lock("3/1")], at: start + .seconds(5))
        #expect(told.count == 1)
        #expect(told[0].contains("the Postgres process 7 (psql of role bob) has held locks of rooms"))
        #expect(told[0].contains("pg_terminate_backend(7)"))
        #expect(watch.see([lock("3/1")], at: start + .seconds(10)).isEmpty)
    }

    @Test("the same process in another transaction is young, and so is one that was gone meanwhile")
    func countsTransactions() {
        var watch = LockWatch()
        let start = Instant(nanoseconds: 0)
        _ = watch.see([lock("3/1")], at: start)
        #expect(watch.see([lock("3/2")], at: start + .seconds(6)).isEmpty)
        #expect(watch.see([], at: start + .seconds(7)).isEmpty)
        #expect(watch.see([lock("3/2")], at: start + .seconds(12)).isEmpty)
    }

    @Test("who waits holds nothing, and a prepared transaction is ended in its own way")
    func tellsWhat() {
        var watch = LockWatch()
        let start = Instant(nanoseconds: 0)
        let locks = [lock("3/1", isHeld: false), lock("-1/9", process: 0)]
        _ = watch.see(locks, at: start)
        let told = watch.see(locks, at: start + .seconds(5))
        #expect(told.count == 1 && told[0].contains("rollback prepared"))
    }
}
