import ChatProtocol
import Time

/// What the benches say to each other.
enum Samples {
    /// A `publish` of 207 bytes, the size of a short line of chat.
    static let command: [UInt8] = {
        let start =
            #"{"id":1234,"publish":{"room":"support:4711","clientId":"0193f4c2-7d1e-7abc-8def-0123456789ab","#
        let body = #""body":{"text":"Good morning, the parcel has arrived, thank you!","lang":"en"#
        let end = #""}}}"#
        let fill = String(repeating: "x", count: 207 - (start + body + end).utf8.count)
        return Array((start + body + fill + end).utf8)
    }()

    /// A body of 128 bytes.
    static let body = Array(
        (#"{"text":""# + String(repeating: "Good morning. ", count: 8) + #"12345"}"#).utf8)

    /// The room all benches talk in.
    static let room = name("support:4711") { text throws(IdentifierError) in try RoomName(text) }

    /// What a draft is called.
    static let client = name("0193f4c2-7d1e-7abc-8def-0123456789ab") { text throws(IdentifierError) in
        try ClientID(text)
    }

    /// The user of that number.
    static func user(_ number: Int) -> UserID {
        name("user-\(number)") { text throws(IdentifierError) in try UserID(text) }
    }

    /// The benches' time stands still.
    static let moment = Moment(
        instant: Instant(nanoseconds: 1_000_000_000), wall: WallTime(milliseconds: 1_700_000_000_000))

    /// A stored publication at that offset.
    static func publication(at offset: Offset) -> Publication {
        Publication(
            room: room, position: StreamPosition(epoch: epoch, offset: offset), time: moment.wall,
            user: user(1), name: "Ada", clientID: client, body: body)
    }

    /// The room's.
    static let epoch = Epoch(generation: ArchiveGeneration(number: 3), room: 1)

    private static func name<Name>(
        _ text: String, _ make: (String) throws(IdentifierError) -> Name
    ) -> Name {
        do { return try make(text) } catch { preconditionFailure("\(text): \(error)") }
    }
}
