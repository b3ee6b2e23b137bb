import ChatProtocol
import Time

/// One session in one room.
struct Subscription {
    let session: SessionKey
    let user: UserID
    /// Tells a session's joins of one room apart.
    let serial: UInt64
    /// The pushes it asked for, and those of them it may have.
    let wanted: RoomEvents
    var events: RoomEvents
    var state = State.joining
    /// When this session's typing was told last, and whether that mark still stands.
    var typedAt: Instant?
    var isTyping = false

    enum State {
        /// The reply to `join` is not composed yet.
        case joining
        /// It gets every publication at once; the place in the room's `live` list.
        case live(Int)
        /// It reads too slowly: everything up to this offset was queued for it. In an ephemeral room 0.
        case behind(Offset)
        /// Its last reply said `more`: it will join again.
        case paging
    }
}
