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
}
