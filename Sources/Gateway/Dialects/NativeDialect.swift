import ChatProtocol

/// The native JSON dialect of `protocol/chat.md`.
final class NativeDialect: Dialect {
    let id = DialectID.native
    private let limits: EnvelopeDecoder.Limits

    init(limits: AnnouncedLimits) {
        self.limits = EnvelopeDecoder.Limits(bodyBytes: limits.bodyBytes, rooms: limits.roomsPerSession)
    }

    func lines(in message: [UInt8], isText: Bool, each: (DialectLine) -> Void) {
        guard isText else { return each(.unacceptable) }
        var decoder = EnvelopeDecoder(limits: limits)
        while let line = decoder.next(in: message.span) {
            switch line {
            case .command(let envelope): each(.command(envelope))
            case .refused(let id, let error): each(.malformed(id, error))
            case .broken(let frame):
                each(.broken("The frame is not a JSON object at byte \(frame.offset): \(frame.sentence)"))
            }
        }
    }

    func bytes(of push: Push) -> [UInt8]? { EnvelopeEncoder.bytes(of: push) }

    func bytes(of reply: Reply, to id: CommandID?) -> [UInt8] { EnvelopeEncoder.bytes(of: reply, id: id) }
}
