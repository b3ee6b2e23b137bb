import Bytes
import Testing

@testable import BrokerRedis

@Suite("Replies of Redis")
struct RedisReaderTests {
    /// Writes down what it is handed.
    private final class Diary: RedisTokenHandler {
        var entries: [String] = []
        var repliesWanted = Int.max

        func received(_ token: RedisToken, _ text: Span<UInt8>) {
            let value = String(decoding: [UInt8](text), as: UTF8.self)
            entries.append("\(token.kind) \(token.number) \(token.depth).\(token.index) \(value)")
        }

        func replyEnded() -> Bool {
            entries.append("end")
            repliesWanted -= 1
            return repliesWanted > 0
        }
    }

    private static let replies =
        "+OK\r\n-ERR no\r\n:-7\r\n$3\r\na\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
        + "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n"
        + "*2\r\n$6\r\nmaster\r\n*1\r\n:1\r\n"
    private static let told = [
        "status 0 0.0 OK", "end", "error 0 0.0 ERR no", "end", "integer -7 0.0 ", "end",
        "string 0 0.0 a\r\n", "end", "null 0 0.0 ", "end", "null 0 0.0 ", "end", "array 0 0.0 ", "end",
        "array 3 0.0 ", "string 0 1.0 message", "string 0 1.1 c", "string 0 1.2 hi", "end",
        "array 2 0.0 ", "string 0 1.0 master", "array 1 1.1 ", "integer 1 2.0 ", "end",
    ]

    @Test("every kind of reply is told piece by piece, whatever the split")
    func everySplit() throws {
        let bytes = Array(Self.replies.utf8)
        for size in [1, 2, 3, 7, bytes.count] {
            let (reader, diary) = (RedisReader(), Diary())
            var start = 0
            while start < bytes.count {
                try reader.feed(
                    bytes.span.extracting(start..<min(start + size, bytes.count)), to: diary)
                start += size
            }
            #expect(diary.entries == Self.told, "pieces of \(size)")
        }
    }

    @Test("many replies in one piece are told in their order")
    func many() throws {
        let (reader, diary) = (RedisReader(), Diary())
        let bytes = (0..<5_000).flatMap { Array(":\($0)\r\n".utf8) }
        try reader.feed(bytes.span, to: diary)
        #expect(diary.entries.filter { $0 != "end" } == (0..<5_000).map { "integer \($0) 0.0 " })
    }

    @Test("who wants no more is told no more")
    func stops() throws {
        let (reader, diary) = (RedisReader(), Diary())
        diary.repliesWanted = 1
        try reader.feed(Array("+a\r\n+b\r\n".utf8).span, to: diary)
        #expect(diary.entries == ["status 0 0.0 a", "end"])
    }

    @Test(
        "what is not RESP2 is refused",
        arguments: [
            "HTTP/1.1 400\r\n", "\u{15}\u{3}\u{1}", "%1\r\n", "*9999999999999\r\n", "$x\r\n", ":1x\r\n",
        ])
    func malformed(_ text: String) {
        let (reader, diary) = (RedisReader(), Diary())
        #expect(throws: RedisReaderError.self) { try reader.feed(Array(text.utf8).span, to: diary) }
    }

    @Test("a reply of 15 MiB is taken, one beyond 16 MiB is not waited for")
    func large() throws {
        let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
        let (reader, diary) = (RedisReader(), Diary())
        try reader.feed(Array("$\(15 << 20)\r\n".utf8).span, to: diary)
        for _ in 0..<15 { try reader.feed(chunk.span, to: diary) }
        try reader.feed(Array("\r\n".utf8).span, to: diary)
        #expect(diary.entries.count == 2)
        try reader.feed(Array("$\(500 << 20)\r\n".utf8).span, to: diary)
        for _ in 0..<15 { try reader.feed(chunk.span, to: diary) }
        #expect(throws: RedisReaderError.tooLarge) {
            for _ in 0..<2 { try reader.feed(chunk.span, to: diary) }
        }
    }
}
