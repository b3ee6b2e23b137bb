package import Time

/// What a room's name prefix says of it.
package enum RoomKind: String, Sendable, Hashable {
    /// Every publication is archived and numbered.
    case stored
    /// Publications have no offset and are never stored.
    case ephemeral
}

/// One message in a room. With a position it is stored; without, ephemeral.
package struct Publication: Sendable, Hashable {
    /// Where it was published.
    package var room: RoomName
    /// Its place in the room's stream; nil in an ephemeral room.
    package var position: StreamPosition?
    /// When, by the archive's clock; by the gateway's in an ephemeral room.
    package var time: WallTime
    /// Who published it.
    package var user: UserID
    /// The publisher's name at that time.
    package var name: String?
    /// What the publisher called the draft; always there in a stored room.
    package var clientID: ClientID?
    /// Any JSON value, byte for byte as it was sent.
    package var body: [UInt8]

    /// A publication of these facts.
    package init(
        room: RoomName, position: StreamPosition?, time: WallTime, user: UserID, name: String?,
        clientID: ClientID?,
        body: [UInt8]
    ) {
        self.room = room
        self.position = position
        self.time = time
        self.user = user
        self.name = name
        self.clientID = clientID
        self.body = body
    }
}

/// One user in a roster: one entry per user, however many sessions.
package struct Member: Sendable, Hashable {
    /// Who.
    package var user: UserID
    /// Under which name.
    package var name: String?

    /// A member of this name.
    package init(user: UserID, name: String?) {
        self.user = user
        self.name = name
    }
}
