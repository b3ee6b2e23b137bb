/// Why an archive cannot be opened. The description is a sentence that says what to do.
package enum SQLiteStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The directory of the file is not there.
    case directoryMissing(path: String)
    /// The file or its directory may not be read and written.
    case notPermitted(path: String)
    /// The path is a directory.
    case isDirectory(path: String)
    /// The file is something else than an SQLite database.
    case notADatabase(path: String)
    /// The file is another program's SQLite database.
    case notOurs(path: String)
    /// A newer Parley has written it; versions of the schema.
    case newer(path: String, version: Int64, known: Int64)
    /// Another process serves it.
    case inUse(path: String)
    /// Anything else, in SQLite's or the kernel's words.
    case failed(path: String, reason: String)

    package var description: String {
        switch self {
        case .directoryMissing(let path):
            "the directory of \(path) does not exist: create it, or name another file"
        case .notPermitted(let path):
            "\(path) cannot be written: give this user read and write access to the file and its directory"
        case .isDirectory(let path):
            "\(path) is a directory: name a file in it"
        case .notADatabase(let path):
            "\(path) is not an SQLite database: name another file, or move this one away"
        case .notOurs(let path):
            "\(path) is another program's SQLite database: name another file"
        case .newer(let path, let version, let known):
            """
            \(path) was written by a newer parley (schema \(version), this one knows \(known)): \
            run that version
            """
        case .inUse(let path):
            "\(path) is in use by another parley process: stop that one, or name another file"
        case .failed(let path, let reason):
            "\(path) cannot be opened: \(reason)"
        }
    }
}
