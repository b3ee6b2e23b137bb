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

    func lines(in message: [UInt8], isText: Bool, each: (DialectLine) -> Void) {
        guard isText else { return each(.unacceptable) }
        var decoder = EnvelopeDecoder(limits: limits)
        var faults = 0
        while let line = decoder.next(in: message.span) {
            switch line {
            case .command(let envelope): each(.command(envelope))
            case .refused(let id, let error):
                // Each answer is longer than the line that asks for it: a flood of them is no client's.
                faults += 1
                guard faults <= Self.faultsPerMessage else {
                    return each(
                        .broken("More than \(Self.faultsPerMessage) lines of this frame are not commands."))
                }
                each(.malformed(id, error))
            case .broken(let frame):
                each(.broken(frame.sentence))
            }
        }
    }

    func bytes(of push: Push) -> [UInt8]? { EnvelopeEncoder.bytes(of: push) }

    func bytes(of reply: Reply, to id: CommandID?) -> [UInt8] { EnvelopeEncoder.bytes(of: reply, id: id) }
}
