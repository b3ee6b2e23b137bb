package import Chat
package import ChatProtocol
package import Networking

/// What an endpoint asks of the archive's thread. Requests are numbered by their endpoint.
package enum ArchiveRequest: Sendable {
    /// A new endpoint, and where its answers go.
    case endpoint(UInt64, Mailbox<ArchiveAnswer>)
    /// Store these; `owner` comes back with the settlements.
    case append(owner: RequestOwner, [Draft])
    /// Read something.
    case read(owner: RequestOwner, ArchiveRead)
    /// Begin a generation unless a later one than this is in force.
    case beginGeneration(after: ArchiveGeneration)
    /// Note who is where.
    case remember(Membership, joined: Bool)
    /// That endpoint's way to the other instances is bad (or good again): look for their news more often.
    case watchClosely(endpoint: UInt64, Bool)
    /// Finish what was accepted, and end.
    case close
}

/// What can be read.
package enum ArchiveRead: Sendable {
    /// A room, made where there is none.
    case open(RoomKey, tail: Int, tailBytes: Int)
    /// A page of one.
    case page(RoomKey, PageRange, limit: Int, bytes: Int)
    /// How far rooms have come.
    case heads([RoomKey])
    /// A user's rooms.
    case rooms(UserKey, after: RoomName?, limit: Int)
}

/// What the archive's thread answers.
package enum ArchiveAnswer: Sendable {
    /// Some drafts of a request are settled.
    case settled(request: UInt64, [Settlement])
    /// To `open` and `page`.
    case page(request: UInt64, Result<ArchivePage, ArchiveError>)
    /// To `heads`.
    case heads(request: UInt64, Result<[RoomHead], ArchiveError>)
    /// To `rooms`.
    case rooms(request: UInt64, Result<RoomsPage, ArchiveError>)
    /// Unasked, to every endpoint.
    case news(ArchiveNews)
    /// The thread ended; what has no answer gets none.
    case closed
}

/// What an archive that several processes share tells every worker, unasked.
package enum ArchiveNews: Sendable, Hashable {
    /// These rooms have come so far: appended by anyone, here or elsewhere. Some are told twice, none never.
    case moved([RoomHead])
    /// Moves may have gone unseen (the archive was away, or its notes are trimmed): compare all open rooms.
    case compare
    /// The secret that all instances on this archive share, 32 bytes: it signs what they tell one another.
    case clusterKey([UInt8])
}

/// A request and its endpoint in one number, for the batch builder to carry.
package struct RequestOwner: Hashable, Sendable {
    /// Both, packed.
    package let number: UInt64

    /// 2^48 requests of one endpoint: at a million a second, nine years.
    package init(endpoint: UInt64, request: UInt64) { number = endpoint << 48 | request }

    /// Unpacks what a batch builder carried.
    package init(number: UInt64) { self.number = number }

    /// Whose.
    package var endpoint: UInt64 { number >> 48 }
    /// Which.
    package var request: UInt64 { number & (1 << 48 - 1) }
}

/// A user in a room.
package struct Membership: Hashable, Sendable {
    /// Who.
    package let user: UserID
    /// Where.
    package let room: RoomKey

    /// That user in that room.
    package init(user: UserID, room: RoomKey) {
        self.user = user
        self.room = room
    }
}
