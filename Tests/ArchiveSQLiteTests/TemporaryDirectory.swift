import Glibc

/// A directory for one test, gone with it.
final class TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/parley-archive-XXXXXX\0".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit {
        for name in contents { unlink(path + "/" + name) }
        rmdir(path)
    }

    /// The path of a file in it.
    func file(_ name: String) -> String { path + "/" + name }

    /// Makes a file of these bytes in it.
    func write(_ text: String, to name: String) {
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        close(descriptor)
    }

    /// The names of what is in it.
    var contents: Set<String> {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: Set<String> = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.insert(name) }
        }
        return names
    }
}
