import Chat
import ChatProtocol
import Networking

/// What an endpoint asks of the archive's thread. Requests are numbered by their endpoint.
enum SQLiteRequest: Sendable {
    /// A new endpoint, and where its answers go.
    case endpoint(UInt64, Mailbox<SQLiteAnswer>)
    /// Store these; `owner` comes back with the settlements.
    case append(owner: RequestOwner, [Draft])
    /// Read something.
    case read(owner: RequestOwner, SQLiteRead)
    /// Note who is where.
    case remember(Membership, joined: Bool)
    /// Finish what was accepted, and end.
    case close
}

/// What can be read.
enum SQLiteRead: Sendable {
    case open(RoomKey, tail: Int, tailBytes: Int)
    case page(RoomKey, PageRange, limit: Int, bytes: Int)
    case heads([RoomKey])
    case rooms(UserKey, after: RoomName?, limit: Int)
}

/// What the archive's thread answers.
enum SQLiteAnswer: Sendable {
    case settled(request: UInt64, [Settlement])
    case page(request: UInt64, Result<ArchivePage, ArchiveError>)
    case heads(request: UInt64, Result<[RoomHead], ArchiveError>)
    case rooms(request: UInt64, Result<RoomsPage, ArchiveError>)
    /// The thread ended; what has no answer gets none.
    case closed
}

/// A request and its endpoint in one number, for the batch builder to carry.
struct RequestOwner: Hashable, Sendable {
    let number: UInt64

    /// 2^48 requests of one endpoint: at a million a second, nine years.
    init(endpoint: UInt64, request: UInt64) { number = endpoint << 48 | request }

    init(number: UInt64) { self.number = number }

    var endpoint: UInt64 { number >> 48 }
    var request: UInt64 { number & (1 << 48 - 1) }
}
