package import ChatProtocol
package import Time

/// One session on one worker: its place in the gateway's table, and which of the place's users it is.
package struct SessionKey: Hashable, Sendable {
    /// The place; small numbers, used again.
    package var slot: UInt32
    /// Tells the users of one place apart.
    package var generation: UInt32

    /// The session of that place and generation.
    package init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}

/// What the gateway gives a new session: randomness is not the hub's.
package struct SessionSeed: Sendable, Hashable {
    /// The session's public name.
    package var name: String
    /// Who one is when one says nothing: random, `guest-…`.
    package var guest: UserID
    /// Whether it has to say `connect` in time. One that never will, an echo, is only asked for signs of
    /// life, and ends like all others.
    package var expectsConnect: Bool

    /// A seed of these facts.
    package init(name: String, guest: UserID, expectsConnect: Bool = true) {
        self.name = name
        self.guest = guest
        self.expectsConnect = expectsConnect
    }
}

/// Who asks, and what a token (or development mode) lets him do.
package struct Caller: Sendable, Hashable {
    /// Whose user.
    package var tenant: TenantID
    /// Which.
    package var user: UserID
    /// Under which name.
    package var name: String?
    /// What may be done in which rooms.
    package var grants: Grants
    /// When all of it ends; nil in development mode, which never does.
    package var expiresAt: WallTime?

    /// A caller of these facts.
    package init(
        tenant: TenantID, user: UserID, name: String?, grants: Grants, expiresAt: WallTime? = nil
    ) {
        self.tenant = tenant
        self.user = user
        self.name = name
        self.grants = grants
        self.expiresAt = expiresAt
    }
}

/// What a REST request is called between hub and gateway.
package typealias RequestID = UInt64

/// What an archive read is called between hub and gateway.
package typealias ReadID = UInt64

/// A fact. The hub is told facts and answers with effects.
package enum Input: Sendable {
    /// A transport is there; `connect` has not come yet.
    case opened(SessionKey, SessionSeed)
    /// The session asks something.
    case command(SessionKey, Envelope)
    /// The session asked something that is not a command.
    case malformed(SessionKey, CommandID?, ErrorReply)
    /// The session's frames are not the protocol's.
    case undecodable(SessionKey)
    /// A sign of life without a command: the answer to an RFC 6455 ping.
    case heard(SessionKey)
    /// More than the limit waits to be read by the session.
    case congested(SessionKey)
    /// It has read most of it.
    case drained(SessionKey)
    /// The connection is gone.
    case closed(SessionKey)
    /// A REST call: `publish` or `history`.
    case request(RequestID, Caller, Command)
    /// The archive settled drafts.
    case settled([Settlement])
    /// The archive opened a room, or read its state again.
    case roomOpened(RoomKey, Result<ArchivePage, ArchiveError>)
    /// The archive read a page.
    case pageRead(ReadID, Result<ArchivePage, ArchiveError>)
    /// The archive listed rooms.
    case roomsListed(ReadID, Result<RoomsPage, ArchiveError>)
    /// The archive compared heads.
    case headsRead(Result<[RoomHead], ArchiveError>)
    /// The archive's sweep: these rooms have come so far, whoever appended to them.
    case moved([RoomHead])
    /// The archive's sweep may have missed moves: all open rooms are compared.
    case compare
    /// The way to other instances broke, or works again; where there is none it counts as broken.
    case brokerTurned(isWell: Bool)
    /// A token was checked: the one of `connect` or `refresh`. A session has one check under way at a time.
    case verified(SessionKey, Result<Caller, TokenRefusal>)
    /// The broker confirmed a subscription.
    case subscribed(RoomKey)
    /// Other hubs tell something.
    case news(News)
    /// The process is told to stop: say goodbye to everyone.
    case drain(afterMs: Int)
}
