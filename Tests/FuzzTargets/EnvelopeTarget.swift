import ChatProtocol
import JSON

extension FuzzTarget {
    /// A frame of a client: every line is a command, a refusal with a small sentence, or the end; what a
    /// command carries off is one line of JSON, and a REST draft of the same bytes keeps to that too.
    package static let envelope = FuzzTarget(name: "envelope") { input in
        let limits = EnvelopeDecoder.Limits(bodyBytes: 64, rooms: 3)
        var decoder = EnvelopeDecoder(limits: limits)
        var isBroken = false
        while let line = decoder.next(in: input.span) {
            precondition(!isBroken, "nothing follows a broken line")
            switch line {
            case .command(let envelope): check(envelope, limits)
            case .refused(let id, let error):
                precondition(error.message.utf8.count < 512, "a refusal stays small")
                check(EnvelopeEncoder.bytes(of: .error(error), id: id))
            case .broken(let frame):
                isBroken = true
                precondition((0...input.count).contains(frame.offset), "the fault lies in the frame")
                let reason = CloseReason.bytes(of: Disconnect(.badFrame), sentence: frame.sentence)
                precondition(reason.count <= CloseReason.byteLimit, "a reason fits its frame")
                check(reason)
            }
        }
        if let draft = try? RESTDraft(decoding: input.span, bodyBytes: 64) { check(draft.body) }
    }

    private static func check(_ envelope: Envelope, _ limits: EnvelopeDecoder.Limits) {
        if let id = envelope.id {
            precondition((0...Envelope.largestID).contains(id), "a number is in range")
        }
        switch envelope.command {
        case .publish(let publish):
            precondition(publish.body.count <= limits.bodyBytes, "a body keeps to its limit")
            check(publish.body)
        case .connect(let connect):
            precondition(connect.rooms.count <= limits.rooms, "rooms keep to their limit")
        default: break
        }
    }

    /// One line of JSON.
    private static func check(_ json: [UInt8]) {
        precondition(!json.contains(UInt8(ascii: "\n")), "a line feed separates objects")
        precondition(JSONJudge.skipping(json) == nil, "what is passed on is JSON")
    }
}
