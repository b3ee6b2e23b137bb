import Foundation
import Synchronization

/// A folder for one server under the system's temporary one; gone with it, and at the latest with the
/// process.
final class ServerFolder: Sendable {
    /// Its path.
    let path: String

    /// All that are there now, for the end of the process: objects that live as long as it have no deinit.
    private static let all = Mutex<Set<String>>([])
    private static let removal: Void = {
        removeLeftovers()
        atexit { ServerFolder.all.withLock { $0 }.forEach { ServerFolder.remove($0) } }
    }()
    private static let prefix = "parley-servers-"

    init() {
        _ = Self.removal
        let url = FileManager.default.temporaryDirectory.appending(path: "\(Self.prefix)\(getpid())-XXXXXX")
        var template = Array(url.path().utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        // The server may be another user's.
        chmod(path, 0o755)
        _ = Self.all.withLock { [path] in $0.insert(path) }
    }

    deinit {
        _ = Self.all.withLock { [path] in $0.remove(path) }
        Self.remove(path)
    }

    /// The path of a file in it.
    func file(_ name: String) -> String { path + "/" + name }

    private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Folders of processes that were killed.
    private static func removeLeftovers() {
        let parent = FileManager.default.temporaryDirectory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path())) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let owner = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }) else { continue }
            if !ChildProcess.isRunning(owner) { remove(parent.appending(path: name).path()) }
        }
    }
}
