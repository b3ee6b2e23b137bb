import Glibc
import Testing

@testable import ArchiveSQLite

@Suite("A lock on a file")
struct FileLockTests {
    @Test("one at a time holds it, and its end frees it")
    func excludes() throws {
        let directory = TemporaryDirectory()
        var lock: FileLock? = try FileLock(path: directory.file("lock"))
        #expect(lock != nil)
        #expect(throws: FileLock.Failure.taken) { try FileLock(path: directory.file("lock")) }
        #expect(lock != nil)
        lock = nil
        _ = try FileLock(path: directory.file("lock"))
    }

    @Test("a file that cannot be made is told with its errno")
    func cannotMake() {
        #expect(throws: FileLock.Failure.unopenable(ENOENT)) { try FileLock(path: "/nowhere/at/all") }
    }

    @Test("a refused lock closes its descriptor once: a second time would close what another thread opened")
    func closesOnce() throws {
        let directory = TemporaryDirectory()
        let lock = try FileLock(path: directory.file("lock"))
        for path in [directory.file("lock"), "/nowhere/at/all"] {
            var left: Int32 = 0
            errno = 0
            do { _ = try FileLock(path: path) } catch { left = errno }
            #expect(left != 0 && left != EBADF)
        }
        withExtendedLifetime(lock) {}
    }
}
