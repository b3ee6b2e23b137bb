import Glibc
import Testing

@testable import ArchiveSQLite

@Suite("The place of a file")
struct FilePlaceTests {
    @Test("a file that is moved, deleted or replaced no longer stands in its place; back again, it does")
    func watches() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("one")
        #expect(FilePlace(path: path) == nil)
        directory.write("first", to: "one")
        let place = try #require(FilePlace(path: path))
        #expect(place.isKept)
        rename(path, directory.file("two"))
        #expect(!place.isKept)
        directory.write("another", to: "one")
        #expect(!place.isKept)
        rename(directory.file("two"), path)
        #expect(place.isKept)
        unlink(path)
        #expect(!place.isKept)
    }
}
