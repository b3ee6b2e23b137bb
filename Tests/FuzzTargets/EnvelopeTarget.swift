import ChatProtocol
import JSON

extension FuzzTarget {
    /// A frame of a client: every line is a command, a refusal with a small sentence, or the end, and means
    /// the same when it is sent alone; what a command carries off is one line of JSON that stands in the
    /// frame, and a REST draft of the same bytes keeps to that too.
    package static let envelope = FuzzTarget(name: "envelope") { input in
        let limits = EnvelopeDecoder.Limits(bodyBytes: 64, rooms: 3)
        var decoder = EnvelopeDecoder(limits: limits)
        var start = 0
        var isBroken = false
        while let line = decoder.next(in: input.span) {
            precondition(!isBroken, "nothing follows a broken line")
            // The last line may want its line feed.
            let end = min(decoder.offset, input.count)
            precondition(end > start, "a line is passed")
            let own = Array(input[start..<end])
            checkAlone(line, own, startingAt: start, limits)
            start = end
            switch line {
            case .command(let envelope): check(envelope, of: own, limits)
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
        if let draft = try? RESTDraft(decoding: input.span, bodyBytes: 64) {
            precondition(JSONJudge.skipping(input) == nil, "a draft is JSON")
            check(draft.body)
        }
    }

    /// The line by itself, and by a decoder that begins where it begins.
    private static func checkAlone(
        _ line: EnvelopeDecoder.Line, _ own: [UInt8], startingAt start: Int, _ limits: EnvelopeDecoder.Limits
    ) {
        var alone = EnvelopeDecoder(limits: limits)
        switch (line, alone.next(in: own.span)) {
        case (.broken(let frame), .broken(let mine)):
            precondition(frame.offset == mine.offset + start, "a fault elsewhere")
        case (_, let mine): precondition(mine == line, "alone the line means something else")
        }
        precondition(alone.next(in: own.span) == nil, "two lines in one")
    }

    private static func check(_ envelope: Envelope, of line: [UInt8], _ limits: EnvelopeDecoder.Limits) {
        precondition(JSONJudge.skipping(line) == nil, "a command is JSON")
        if let id = envelope.id {
            precondition((0...Envelope.largestID).contains(id), "a number is in range")
        }
        switch envelope.command {
        case .publish(let publish):
            precondition(publish.body.count <= limits.bodyBytes, "a body keeps to its limit")
            let starts = line.indices.filter { line[$0...].starts(with: publish.body) }
            precondition(!starts.isEmpty, "a body that was not sent")
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
