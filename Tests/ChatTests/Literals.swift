import Chat
import ChatProtocol
import Time

/// Names are written as literals in tests; one that breaks its rules is a mistake of the test.
private func checked<Name>(_ make: () throws(IdentifierError) -> Name) -> Name {
    do { return try make() } catch { preconditionFailure(error.description) }
}

extension RoomName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self = checked { () throws(IdentifierError) in try RoomName(text) }
    }
}

extension UserID: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self = checked { () throws(IdentifierError) in try UserID(text) }
    }
}

extension ClientID: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self = checked { () throws(IdentifierError) in try ClientID(text) }
    }
}

extension Epoch: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self = checked { () throws(IdentifierError) in try Epoch(text) }
    }
}

extension RoomKey {
    static let lobby = RoomKey(tenant: .default, name: "lobby")
}

extension Publication {
    /// A publication of the room "lobby".
    static func stored(
        _ offset: Offset, epoch: Epoch = "1-1", clientID: ClientID? = nil, body: String = "1"
    ) -> Publication {
        Publication(
            room: "lobby", position: StreamPosition(epoch: epoch, offset: offset),
            time: WallTime(milliseconds: 5_000), user: "bob", name: nil,
            clientID: clientID ?? ClientID(stringLiteral: "c\(offset)"), body: Array(body.utf8))
    }
}

extension [Publication] {
    var offsets: [Offset] { map { $0.position?.offset ?? 0 } }
}
