import JSON

/// One member publishes in a room, so many drafts unanswered at a time; all the others hear it.
final class FanoutScript: CrowdScript {
    private let room: String
    private let bodies: [[UInt8]]
    private let messages: Int
    private let pipeline: Int
    private let subscribers: Int
    private var acknowledged = 0
    /// Subscribers that have not heard everything.
    private var open: Int

    private static let publication = Array(#"{"publication":"#.utf8)

    /// The publisher is the first member; `subscribers` more come after it. `size`: of a body, in bytes.
    init(room: String, subscribers: Int, messages: Int, size: Int, pipeline: Int) {
        self.room = room
        // {"text":"…"} takes 11 bytes of it.
        bodies = ChatText.make(64, size: max(1, size - 11)).map { text in
            var writer = JSONWriter(capacity: size)
            writer.beginObject()
            writer.key("text")
            writer.string(String(decoding: text, as: UTF8.self))
            writer.endObject()
            return writer.finish()
        }
        self.messages = messages
        self.pipeline = pipeline
        self.subscribers = subscribers
        open = subscribers
    }

    func greeting(of ordinal: Int) -> [UInt8]? {
        ClientLine.connect(id: 1, token: nil, user: "crowd-\(ordinal)", room: room, since: nil)
    }

    func begin(_ crowd: Crowd) {
        for _ in 0..<min(pipeline, messages) { publishNext(crowd.members[0]) }
    }

    func received(_ message: Span<UInt8>, _ member: CrowdMember, of crowd: Crowd) {
        if message.starts(with: Self.publication) {
            member.heard += 1
            if member.ordinal > 0, member.heard == messages { open -= 1 }
        } else {
            answered(message, member, crowd)
        }
        if open == 0, acknowledged == messages { crowd.finish() }
    }

    /// What else the server says.
    private func answered(_ message: Span<UInt8>, _ member: CrowdMember, _ crowd: Crowd) {
        do {
            switch try ServerLine(message) {
            case .answer:
                acknowledged += 1
                if member.said < messages { publishNext(member) }
            case .failure(_, let fault): crowd.fail("message \(acknowledged) was refused: \(fault)")
            case .skip: crowd.fail("connection \(member.ordinal) was too slow: publications were left out")
            case .ping: member.send(ClientLine.pong)
            case .goaway: crowd.fail("the server goes away")
            default: break
            }
        } catch {
            crowd.fail("connection \(member.ordinal) got no JSON: \(error)")
        }
    }

    private func publishNext(_ member: CrowdMember) {
        let number = member.said
        member.said += 1
        member.send(
            ClientLine.publish(
                id: Int64(number + 2), room: room, clientId: "m\(number)",
                body: bodies[number % bodies.count]))
    }
}

extension Span<UInt8> {
    /// Whether these bytes stand at the front.
    fileprivate func starts(with prefix: [UInt8]) -> Bool {
        guard count >= prefix.count else { return false }
        for index in prefix.indices where self[index] != prefix[index] { return false }
        return true
    }
}
