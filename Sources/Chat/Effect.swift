package import ChatProtocol

/// An intention. Effects are carried out in order, by the gateway's `EffectRunner` and by nobody else.
package enum Effect: Sendable {
    /// Answer a session's command.
    case reply(SessionKey, CommandID?, Reply)
    /// Tell one session something.
    case push(SessionKey, Push)
    /// Tell many sessions the same, encoded once.
    case fanout(Push, [SessionKey])
    /// Ask by an RFC 6455 ping whether the session is still there.
    case pingFrame(SessionKey)
    /// End a session.
    case disconnect(SessionKey, Disconnect)
    /// Answer a REST call.
    case respond(RequestID, Reply)
    /// Store a draft; `settled` follows.
    case append(Draft)
    /// Open a room, or read its state again; `roomOpened` follows.
    case openRoom(RoomKey, tail: Int, tailBytes: Int)
    /// Read a page; `pageRead` follows.
    case read(ReadID, RoomKey, PageRange, limit: Int, bytes: Int)
    /// List a user's rooms; `roomsListed` follows.
    case listRooms(ReadID, UserKey, after: RoomName?, limit: Int)
    /// Compare heads; `headsRead` follows.
    case readHeads([RoomKey])
    /// Begin a generation after this one, which holds something else than it did.
    case beginGeneration(after: ArchiveGeneration)
    /// Remember that the user is in the room, or no longer.
    case remember(UserKey, in: RoomName, joined: Bool)
    /// Ask for a room's news; `subscribed` follows.
    case subscribe(RoomKey)
    /// Ask for it again: something did not come by it that should have.
    case renew(RoomKey)
    /// Check a token; `verified` follows.
    case verify(SessionKey, token: String)
    /// No more of it.
    case unsubscribe(RoomKey)
    /// Tell the other hubs.
    case broadcast(News)
}
