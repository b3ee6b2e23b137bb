package import ChatProtocol

/// Who sends news: one hub of one process start. Never reused.
package struct OriginID: Hashable, Sendable {
    /// A random number; the instance's and worker's part of every session's name.
    package var number: UInt64

    /// The origin of that number.
    package init(number: UInt64) { self.number = number }
}

/// What one hub tells the others about a room. News may be lost, doubled or reordered: publications are put
/// right by their offsets, rosters by their numbers.
package struct News: Sendable, Hashable {
    /// Who tells it.
    package var origin: OriginID
    /// About which room.
    package var room: RoomKey
    /// What happened.
    package var content: Content

    /// What can happen in a room.
    package enum Content: Sendable, Hashable {
        /// Somebody said something: stored with its position, or ephemeral.
        case publication(Publication)
        /// Somebody is typing, or no longer.
        case typing(Member, isOn: Bool)
        /// The origin's own part of the roster changed from what it was at `previous` (0: nobody) to
        /// `number`. Numbers only grow; an empty change with both equal repeats where the origin is.
        case roster(previous: Int64, number: Int64, change: RosterNews)
        /// The origin opened the room and asks everyone for their part of its roster.
        case rosterRequest
        /// The origin's whole part of the roster, as of its change `number`.
        case rosterSnapshot(number: Int64, members: [Member])
    }

    /// News of these facts.
    package init(origin: OriginID, room: RoomKey, content: Content) {
        self.origin = origin
        self.room = room
        self.content = content
    }
}

/// A change of one origin's part of a roster.
package struct RosterNews: Sendable, Hashable {
    /// Who has a first session there now.
    package var join: [Member]
    /// Who left by command: gone at once.
    package var left: [UserID]
    /// Whose last connection ended: gone after a grace, for people reload pages.
    package var lost: [UserID]

    /// A change of these facts.
    package init(join: [Member] = [], left: [UserID] = [], lost: [UserID] = []) {
        self.join = join
        self.left = left
        self.lost = lost
    }
}

/// Carries news between hubs. One endpoint serves one worker; all calls back run on that worker's loop, never
/// inside the call that asked.
///
/// The promise is small: what is published reaches every other endpoint that subscribed the room before, at
/// most usually once, in whatever order, or not at all. An endpoint never hears itself.
package protocol Broker: AnyObject {
    /// Asks for the room's news; `confirmed` runs when nothing published from now on is missed for want of a
    /// subscription.
    func subscribe(_ room: RoomKey, confirmed: @escaping () -> Void)

    /// No more of the room's news, soon.
    func unsubscribe(_ room: RoomKey)

    /// Tells everyone else.
    func publish(_ news: [News])

    /// Asks for the room's news once more: something did not come that should have. Nobody is told when that
    /// is done.
    func renew(_ room: RoomKey)
}

extension Broker {
    /// Nothing: where no subscription can be lost none is renewed.
    package func renew(_ room: RoomKey) {}
}
