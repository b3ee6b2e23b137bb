internal import CSQLite
import Glibc
import Networking
import Time

/// Where an archive is kept.
package enum SQLiteLocation: Sendable, Hashable {
    /// In this file and some beside it (`-wal`, `-shm`, `-lock`).
    case file(String)
    /// In memory: gone with the process.
    case memory

    /// For sentences about it.
    var description: String {
        switch self {
        case .file(let path): path
        case .memory: "the archive in memory"
        }
    }
}

/// An archive's database, opened, checked, migrated, and held against other processes.
final class SQLiteFile {
    private var database: SQLiteDatabase?
    private var lock: FileLock?

    /// Opens the archive, or makes it. `version` is the schema's before the migration, 0 for a new one.
    static func open(_ location: SQLiteLocation) throws(SQLiteStoreError) -> (
        file: SQLiteFile, version: Int64
    ) {
        switch location {
        case .memory: return try SQLiteFile.open(":memory:", lock: nil, named: location.description)
        case .file(let path):
            let resolved = try resolve(path)
            let lock: FileLock
            do { lock = try FileLock(path: resolved + "-lock") } catch {
                switch error {
                case .taken: throw .inUse(path: path)
                case .unopenable(let code): throw refusal(path, code)
                }
            }
            return try SQLiteFile.open(resolved, lock: lock, named: path)
        }
    }

    private init(_ database: SQLiteDatabase, lock: FileLock?) {
        self.database = database
        self.lock = lock
    }

    /// The archive's verbs; let go of them before `close`.
    func rooms() throws(SQLiteFailure) -> SQLiteRooms { try SQLiteRooms(database!) }

    /// Folds the log into the database, closes that, and only then frees the lock.
    func close() {
        // Where this fails, the log stays and is folded in by the next start.
        try? database?.execute("pragma wal_checkpoint(truncate)")
        database = nil
        lock = nil
    }

    private static func open(
        _ path: String, lock: FileLock?, named name: String
    ) throws(SQLiteStoreError) -> (file: SQLiteFile, version: Int64) {
        do {
            let database = try SQLiteDatabase(path: path)
            if database.isReadOnly { throw SQLiteStoreError.notPermitted(path: name) }
            database.setBusyTimeout(milliseconds: 2000)
            // Before anything is written: this may be a stranger's file.
            let version = try check(database, named: name)
            try configure(database, isFile: lock != nil)
            try Migrations.run(on: database, from: version, now: Clock.moment.wall)
            if lock != nil { database.keepPlace(of: path) }
            return (SQLiteFile(database, lock: lock), version)
        } catch let error as SQLiteStoreError {
            throw error
        } catch let error as SQLiteFailure {
            throw refusal(name, error)
        } catch {
            throw .failed(path: name, reason: "\(error)")
        }
    }

    private static func check(_ database: SQLiteDatabase, named name: String) throws -> Int64 {
        let application = try database.integer("pragma application_id")
        let version = try database.integer("pragma user_version")
        if application != Migrations.applicationID {
            let isEmpty = try database.integer("select count(*) from sqlite_schema") == 0
            guard isEmpty, application == 0, version == 0 else { throw SQLiteStoreError.notOurs(path: name) }
        }
        guard version <= Migrations.latestVersion else {
            throw SQLiteStoreError.newer(path: name, version: version, known: Migrations.latestVersion)
        }
        return version
    }

    private static func configure(_ database: SQLiteDatabase, isFile: Bool) throws {
        if isFile {
            let mode = try database.text("pragma journal_mode = wal")
            guard mode == "wal" else {
                throw SQLiteFailure(
                    code: SQLITE_ERROR, message: "the file system does not support SQLite's WAL mode")
            }
        }
        // FULL: NORMAL may lose acknowledged rows on power loss (ordering.md §2). The WAL is folded into the
        // database every 4 MiB, and gives back what it grew beyond 64 MiB. The page cache is bounded at 16
        // MiB.
        try database.execute(
            """
            pragma synchronous = full;
            pragma wal_autocheckpoint = 1024;
            pragma journal_size_limit = 67108864;
            pragma cache_size = -16384;
            pragma temp_store = memory;
            """)
        guard try database.integer("pragma synchronous") == 2 else {
            throw SQLiteFailure(code: SQLITE_ERROR, message: "this SQLite does not accept synchronous = full")
        }
    }

    /// The file's one true path, so that all names of it share a lock; SQLite's special names and URIs are
    /// never absolute.
    private static func resolve(_ path: String) throws(SQLiteStoreError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .failed(path: "\"\(path)\"", reason: "this is not a path")
        }
        if let whole = canonical(path) {
            guard canonical(whole + "/.") == nil else { throw .isDirectory(path: path) }
            return whole
        }
        guard !path.hasSuffix("/") else { throw .isDirectory(path: path) }
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let directory = canonical(directory) else { throw refusal(path, errno) }
        return directory + "/" + path[(slash.map { path.index(after: $0) } ?? path.startIndex)...]
    }

    private static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func refusal(_ path: String, _ code: Int32) -> SQLiteStoreError {
        switch code {
        case ENOENT, ENOTDIR: .directoryMissing(path: path)
        case EACCES, EPERM, EROFS: .notPermitted(path: path)
        default: .failed(path: path, reason: String(cString: strerror(code)))
        }
    }

    private static func refusal(_ name: String, _ failure: SQLiteFailure) -> SQLiteStoreError {
        switch failure.primaryCode {
        case SQLITE_NOTADB: .notADatabase(path: name)
        // The lock file beside it could be opened, so the directory is there.
        case SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN: .notPermitted(path: name)
        default: .failed(path: name, reason: failure.description)
        }
    }
}
