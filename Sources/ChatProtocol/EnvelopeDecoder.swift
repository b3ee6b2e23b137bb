import JSON

/// Reads one WebSocket message: JSON objects, one a line, each a command. Ask `next` until it is nil.
///
/// A fault in one command leaves the others alone; a line that is not JSON ends the message and the session.
package struct EnvelopeDecoder: Sendable {
    /// What a client may send at once.
    package struct Limits: Sendable, Equatable {
        /// The largest body, in bytes of JSON.
        package var bodyBytes: Int
        /// The most rooms one `connect` may name.
        package var rooms: Int

        /// Limits of these sizes.
        package init(bodyBytes: Int = 32_768, rooms: Int = 200) {
            self.bodyBytes = bodyBytes
            self.rooms = rooms
        }
    }

    /// What one line turned out to be.
    package enum Line: Sendable, Equatable {
        /// A command to carry out.
        case command(Envelope)
        /// An object whose command cannot be carried out: answer this, under this number if it could be read.
        case refused(id: CommandID?, ErrorReply)
        /// Not a JSON object: close with `DisconnectCode.badFrame`. Nothing follows.
        case broken(BadFrame)
    }

    /// What made a message unreadable.
    package struct BadFrame: Sendable, Equatable {
        /// Where, in bytes from the message's start.
        package var offset: Int
        /// A sentence for the client's author.
        package var sentence: String
    }

    private let limits: Limits
    private var lines: JSONLines
    private var isBroken = false

    /// Where the next line is looked for: another decoder of the same message may go on there.
    package var offset: Int { lines.offset }

    /// A decoder for one message, from its beginning or from an earlier decoder's `offset` on.
    package init(limits: Limits = Limits(), at offset: Int = 0) {
        self.limits = limits
        lines = JSONLines(at: offset)
    }

    /// The next line of `message`, which is the same at each call; nil after the last.
    package mutating func next(in message: Span<UInt8>) -> Line? {
        guard !isBroken, let range = lines.next(in: message) else { return nil }
        let line = message.extracting(range)
        var scan = EnvelopeScan(limits: limits)
        var error = scan.read(line, isTolerant: false)
        if let refusal = error, refusal.family == .refused {
            // Once more, without minding: whose command it is may stand behind what is refused.
            scan = EnvelopeScan(limits: limits, fault: scan.fault ?? EnvelopeScan.fault(ofName: refusal))
            error = scan.read(line, isTolerant: true)
        }
        if let error, error.family != .refused { return broken(error, in: range) }
        return scan.line(of: line)
    }

    private mutating func broken(_ error: JSONError, in range: Range<Int>) -> Line {
        isBroken = true
        let offset = range.lowerBound + error.offset
        let sentence =
            error.family == .mismatch
            ? "every line of a frame must be a JSON object; at byte \(offset) it is none"
            : "a line of the frame is not JSON: it \(error.sentence), at byte \(offset)"
        return .broken(BadFrame(offset: offset, sentence: sentence))
    }
}
