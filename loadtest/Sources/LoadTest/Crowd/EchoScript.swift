/// Every member sends messages to an echo, so many under way at a time, and looks at what comes back.
final class EchoScript: CrowdScript {
    private let texts: [[UInt8]]
    private let share: Int
    private let pipeline: Int
    private var open: Int

    /// `messages` each for `connections` members, of `size` bytes, `pipeline` of them unanswered at a time.
    init(connections: Int, messages: Int, size: Int, pipeline: Int) {
        texts = ChatText.make(64, size: size)
        share = messages
        self.pipeline = pipeline
        open = connections
    }

    func greeting(of ordinal: Int) -> [UInt8]? { nil }

    func begin(_ crowd: Crowd) {
        for member in crowd.members {
            for _ in 0..<min(pipeline, share) { sendNext(member) }
        }
    }

    func received(_ message: Span<UInt8>, _ member: CrowdMember, of crowd: Crowd) {
        let expected = texts[(member.ordinal + member.heard) % texts.count]
        guard message.isIdentical(in: expected.span) else {
            return crowd.fail("connection \(member.ordinal): message \(member.heard) came back as another")
        }
        member.heard += 1
        if member.said < share { return sendNext(member) }
        guard member.heard == share else { return }
        open -= 1
        if open == 0 { crowd.finish() }
    }

    private func sendNext(_ member: CrowdMember) {
        member.send(texts[(member.ordinal + member.said) % texts.count])
        member.said += 1
    }
}

extension Span<UInt8> {
    /// Whether both hold the same bytes.
    fileprivate func isIdentical(in other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
