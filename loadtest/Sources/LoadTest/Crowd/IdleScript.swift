/// All are there and say nothing, until a line comes on standard input: then they leave.
final class IdleScript: CrowdScript {
    private let room: String?

    /// With a `room` they are chat sessions in it; without, bare WebSockets.
    init(room: String?) { self.room = room }

    func greeting(of ordinal: Int) -> [UInt8]? {
        room.map {
            ClientLine.connect(id: 1, token: nil, user: "idle-\(ordinal)", room: $0, since: nil)
        }
    }

    func begin(_ crowd: Crowd) { crowd.finish() }

    func received(_ message: Span<UInt8>, _ member: CrowdMember, of crowd: Crowd) {
        if case .ping? = try? ServerLine(message) { member.send(ClientLine.pong) }
    }
}
