internal import CHiredis

/// Why bytes are not what a Redis sends.
package enum RedisReaderError: Error, Equatable {
    /// hiredis's words for it.
    case malformed(String)
    /// One reply is larger than this reader keeps.
    case tooLarge
}

/// Takes RESP2 replies apart by hiredis's reader, without its tree of replies: each piece is handed on where
/// it lies in the reader's buffer, so nothing is allocated for a reply.
package final class RedisReader {
    /// The most that waits for the rest of one reply, in bytes.
    package static let byteLimit = 16 << 20
    /// hiredis moves up what is left whenever it has taken 1 KiB: little at a time makes these moves small.
    private static let sliceBytes = 4096

    private let reader: UnsafeMutablePointer<redisReader>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private var handler: (any RedisTokenHandler)?

    /// A reader at the beginning of a connection.
    package init() {
        functions = .allocate(capacity: 1)
        functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, length in
                    let kind: RedisToken.Kind =
                        switch task!.pointee.type {
                        case REDIS_REPLY_STATUS: .status
                        case REDIS_REPLY_ERROR: .error
                        default: .string
                        }
                    let bytes = UnsafeRawPointer(text!).assumingMemoryBound(to: UInt8.self)
                    return RedisReader.hand(
                        task!, kind, text: UnsafeBufferPointer(start: bytes, count: length))
                },
                createArray: { task, count in RedisReader.hand(task!, .array, number: Int64(count)) },
                createInteger: { task, value in RedisReader.hand(task!, .integer, number: value) },
                createNil: { task in RedisReader.hand(task!, .null) },
                freeObject: { _ in }))
        guard let reader = redisReaderCreateWithFunctions(functions) else {
            preconditionFailure("no memory for a reader")
        }
        self.reader = reader
        reader.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
        // Kept between replies: a busy connection would give 16 KiB back and take them again all the time.
        reader.pointee.maxbuf = 256 << 10
    }

    deinit {
        redisReaderFree(reader)
        functions.deallocate()
    }

    /// Takes `bytes`, which continue what was fed before, and hands on all that is complete. After an error
    /// nothing more may be fed.
    package func feed(_ bytes: Span<UInt8>, to handler: any RedisTokenHandler) throws(RedisReaderError) {
        self.handler = handler
        defer { self.handler = nil }
        var start = 0
        while start < bytes.count {
            let slice = bytes.extracting(start..<min(start + Self.sliceBytes, bytes.count))
            start += slice.count
            let result = slice.withUnsafeBytes {
                redisReaderFeed(reader, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
            }
            guard result == REDIS_OK else { throw .malformed("no memory") }
            guard try handOn(to: handler) else { return }
            if reader.pointee.len - reader.pointee.pos > Self.byteLimit { throw .tooLarge }
        }
    }

    /// Hands on the replies that are complete; false where the handler wants no more.
    private func handOn(to handler: any RedisTokenHandler) throws(RedisReaderError) -> Bool {
        while true {
            var reply: UnsafeMutableRawPointer?
            guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw .malformed(errorText) }
            if reply == nil { return true }
            if !handler.replyEnded() { return false }
        }
    }

    private var errorText: String {
        withUnsafeBytes(of: &reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Hands one piece on. What it returns stands for the piece in hiredis's books; nobody looks behind it.
    private static func hand(
        _ task: UnsafePointer<redisReadTask>, _ kind: RedisToken.Kind, number: Int64 = 0,
        text: UnsafeBufferPointer<UInt8> = UnsafeBufferPointer(start: nil, count: 0)
    ) -> UnsafeMutableRawPointer? {
        let reader = Unmanaged<RedisReader>.fromOpaque(task.pointee.privdata).takeUnretainedValue()
        // hiredis calls the place of a reply of its own -1.
        var token = RedisToken(kind: kind, number: number, index: max(Int(task.pointee.idx), 0))
        var parent = task.pointee.parent
        while let current = parent {
            token.depth += 1
            parent = current.pointee.parent
        }
        reader.handler?.received(token, Span(_unsafeElements: text))
        return UnsafeMutableRawPointer(bitPattern: 1)
    }
}
