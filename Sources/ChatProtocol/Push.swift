/// What the server says unasked.
package enum Push: Sendable, Equatable {
    /// Somebody said something. `announcesEpoch`: the room's epoch changed since the publication before.
    case publication(Publication, announcesEpoch: Bool)
    /// The roster changed.
    case presence(RosterChange)
    /// Somebody is typing, or no longer.
    case typing(room: RoomName, member: Member, isOn: Bool)
    /// Publications that this session did not get and can ask for, both offsets inclusive.
    case skip(room: RoomName, range: ClosedRange<Offset>)
    /// The room's history changed: what lay above `after` is void, the numbers go on in `epoch`.
    case reset(room: RoomName, epoch: Epoch, after: Offset)
    /// The token expires after so many milliseconds: `refresh` with another one.
    case expiring(inMs: Int)
    /// The server stops soon: come back after so many milliseconds.
    case goaway(afterMs: Int)
    /// The heartbeat; the client answers `{"pong":{}}`.
    case ping
}

/// A batch of arrivals and departures.
package struct RosterChange: Sendable, Equatable {
    /// Which room.
    package var room: RoomName
    /// The version after this change.
    package var version: Int64
    /// Who came.
    package var join: [Member]
    /// Who went.
    package var leave: [UserID]

    /// A change of these facts.
    package init(room: RoomName, version: Int64, join: [Member], leave: [UserID]) {
        self.room = room
        self.version = version
        self.join = join
        self.leave = leave
    }
}
