import ArchiveSQLite
import Testing

@Suite("Why an archive cannot be opened")
struct SQLiteStoreErrorTests {
    @Test(
        "the sentence names the path as it was given, and says what to do or what failed",
        arguments: [
            (SQLiteStoreError.directoryMissing(path: "a/b.db"), "create it"),
            (.notPermitted(path: "a/b.db"), "give this user read and write access"),
            (.isDirectory(path: "a/b.db"), "name a file in it"),
            (.notADatabase(path: "a/b.db"), "move this one away"),
            (.notOurs(path: "a/b.db"), "another program's"),
            (.newer(path: "a/b.db", version: 9, known: 2), "(schema 9, this one knows 2): run that version"),
            (.inUse(path: "a/b.db"), "stop that one"),
            (.failed(path: "a/b.db", reason: "disk I/O error"), "disk I/O error"),
        ])
    func sentences(_ error: SQLiteStoreError, _ advice: String) {
        #expect(error.description.contains("a/b.db"))
        #expect(error.description.contains(advice))
        #expect(!error.description.contains("\n"))
    }
}
