import Glibc
import Networking

/// Reads a file as a whole.
enum FileBytes {
    /// All bytes of the file of this name; beyond `limit` bytes it is refused unread.
    static func read(_ name: String, limit: Int) throws(CorpusError) -> [UInt8] {
        let descriptor = open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(name) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refusal(name) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else {
                throw CorpusError(
                    file: name, line: 0, sentence: "has more than \(limit) bytes; split it over several runs")
            }
        }
    }

    private static func refusal(_ name: String) -> CorpusError {
        CorpusError(file: name, line: 0, sentence: "cannot be read: \(String(cString: strerror(errno)))")
    }
}
