import BrokerRedis
import Bytes

extension FuzzTarget {
    /// What a Redis, or whoever listens in its place, sends: the same pieces whatever the split, each where
    /// an array has room for it, and a command that is written reads back as its words.
    package static let redis = FuzzTarget(name: "redis") { input in
        let split = SplitInput(input)
        let whole = Diary(of: [split.bytes[...]])
        whole.check()
        for pieces in split.ways {
            let inPieces = Diary(of: pieces)
            precondition(whole.entries == inPieces.entries, "the split changes the pieces")
            precondition(whole.pushes == inPieces.pushes, "the split changes what is heard")
            precondition(whole.error == inPieces.error, "the split changes the error")
        }
        let curt = Diary(of: [split.bytes[...]], replies: 1)
        precondition(whole.entries.starts(with: curt.entries), "who wants one reply is told others")
        precondition(curt.replyCount <= 1, "who wants no more is told more")
        checkCommand(split.bytes)
    }

    /// The words of a command, cut at each zero byte.
    private static func checkCommand(_ bytes: [UInt8]) {
        let words = bytes.split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
        var command = RedisCommand()
        for word in words { command.add(word) }
        var written: [UInt8] = []
        command.withFormatted { written = [UInt8]($0) }
        let diary = Diary(of: [written[...]])
        precondition(diary.error == nil && diary.replyCount == 1, "a command is one array")
        precondition(diary.entries.first?.token.number == Int64(words.count), "another number of words")
        precondition(diary.entries.dropFirst().map(\.text) == words, "other words than were written")
    }
}

/// Writes down what it is handed.
private final class Diary: RedisTokenHandler {
    struct Entry: Equatable {
        var token: RedisToken
        var text: [UInt8]
    }

    struct Push: Equatable {
        var event: PushReader.Event
        var channel: [UInt8]
    }

    private(set) var entries: [Entry] = []
    private(set) var pushes: [Push] = []
    private(set) var replyCount = 0
    private(set) var error: RedisReaderError?
    private var push = PushReader()
    private let repliesWanted: Int

    /// What is read from these pieces until there is an error or enough of it.
    init(of pieces: [ArraySlice<UInt8>], replies: Int = .max) {
        repliesWanted = replies
        let reader = RedisReader()
        do throws(RedisReaderError) {
            for piece in pieces where replyCount < repliesWanted { try reader.feed(piece.span, to: self) }
        } catch {
            self.error = error
        }
    }

    func received(_ token: RedisToken, _ text: Span<UInt8>) {
        entries.append(Entry(token: token, text: [UInt8](text)))
        let event = push.take(token, text)
        if event != .incomplete { pushes.append(Push(event: event, channel: push.channel)) }
    }

    func replyEnded() -> Bool {
        replyCount += 1
        return replyCount < repliesWanted
    }

    /// Each piece lies in the array that was told before it.
    func check() {
        var open: [Int64] = []
        for entry in entries {
            let token = entry.token
            precondition(token.depth <= open.count, "a piece lies in an array that is not open")
            open.removeLast(open.count - token.depth)
            if let count = open.last { precondition(token.index < count, "a piece beside its array") }
            precondition(token.depth > 0 || token.index == 0, "a reply of its own has no place")
            if token.kind == .array { open.append(token.number) }
        }
        precondition(replyCount <= entries.count, "more replies than pieces")
    }
}
