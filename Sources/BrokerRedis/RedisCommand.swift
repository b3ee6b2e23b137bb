internal import CHiredis

/// A command and its arguments, written for the wire by hiredis.
package struct RedisCommand {
    private var bytes: [UInt8] = []
    private var lengths: [Int] = []

    /// A command of these words, to which more may be added.
    package init(_ words: String...) {
        for word in words { add(word) }
    }

    /// How many words it has.
    var count: Int { lengths.count }

    /// Adds an argument.
    package mutating func add(_ argument: [UInt8]) {
        bytes.append(contentsOf: argument)
        lengths.append(argument.count)
    }

    /// Adds an argument.
    mutating func add(_ argument: String) {
        bytes.append(contentsOf: argument.utf8)
        lengths.append(argument.utf8.count)
    }

    /// Calls `body` with the command as RESP, valid only inside.
    package func withFormatted(_ body: (Span<UInt8>) -> Void) {
        var output: UnsafeMutablePointer<CChar>?
        let length = bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: lengths.count) { words in
                // An empty array may have no address; all its words are empty then, and none is read.
                var next = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                for (index, length) in lengths.enumerated() {
                    words.initializeElement(at: index, to: next)
                    next = next.map { $0 + length }
                }
                return redisFormatCommandArgv(&output, Int32(lengths.count), words.baseAddress, lengths)
            }
        }
        guard length > 0, let output else { preconditionFailure("no memory for a command") }
        defer { redisFreeCommand(output) }
        let raw = UnsafeRawPointer(output).assumingMemoryBound(to: UInt8.self)
        body(Span(_unsafeStart: raw, count: Int(length)))
    }
}
