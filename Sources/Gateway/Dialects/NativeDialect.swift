import ChatProtocol

/// The native JSON dialect of `protocol/chat.md`.
final class NativeDialect: Dialect {
    let id = DialectID.native
    /// So many lines of one message may be faulty before the session ends.
    private static let faultsPerMessage = 100
    private let limits: EnvelopeDecoder.Limits

    init(limits: AnnouncedLimits) {
        self.limits = EnvelopeDecoder.Limits(bodyBytes: limits.bodyBytes, rooms: limits.roomsPerSession)
    }

    func lines(
        in message: [UInt8], isText: Bool, from progress: inout DialectProgress, each: (DialectLine) -> Bool
    ) {
        guard isText else {
            _ = each(.unacceptable)
            return
        }
        var decoder = EnvelopeDecoder(limits: limits, at: progress.offset)
        while let line = decoder.next(in: message.span) {
            progress.offset = decoder.offset
            let goesOn =
                switch line {
                case .command(let envelope): each(.command(envelope))
                case .refused(let id, let error): each(refused(id, error, &progress))
                case .broken(let frame): each(.broken(frame.sentence))
                }
            guard goesOn else { return }
        }
    }

    /// Each answer is longer than the line that asks for it: a flood of them is no client's.
    private func refused(
        _ id: CommandID?, _ error: ErrorReply, _ progress: inout DialectProgress
    ) -> DialectLine {
        progress.faults += 1
        guard progress.faults <= Self.faultsPerMessage else {
            return .broken("More than \(Self.faultsPerMessage) lines of this frame are not commands.")
        }
        return .malformed(id, error)
    }

    func bytes(of push: Push) -> [UInt8]? { EnvelopeEncoder.bytes(of: push) }

    func bytes(of reply: Reply, to id: CommandID?) -> [UInt8] { EnvelopeEncoder.bytes(of: reply, id: id) }
}
