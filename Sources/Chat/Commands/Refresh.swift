import ChatProtocol
import Time

extension Hub {
    /// `refresh`: another token of the same user. Until it is accepted, and where it is not, the old one is
    /// in force.
    func refresh(_ token: String, _ session: Session, _ asker: Asker) {
        guard hasID(asker) else {
            return refuse(
                asker,
                ErrorReply(.badRequest, "refresh needs an id: its reply tells which rooms you have left."))
        }
        guard identity == .proven else { return refuse(asker, cannotCheckTokens) }
        guard session.verification == nil else {
            return refuse(asker, ErrorReply(.tooManyOutstanding, retryAfterMs: 100))
        }
        guard begin(asker, isRead: false) else { return }
        verify(token, of: session, .refresh(asker))
    }

    /// The token was accepted.
    func refreshed(_ caller: Caller, _ session: Session, _ asker: Asker) {
        guard let old = session.caller else { preconditionFailure("only connected sessions refresh") }
        guard caller.tenant == old.tenant, caller.user == old.user else {
            return finish(
                asker, isRead: false,
                .error(
                    ErrorReply(.forbidden, "This token is somebody else's: connect anew to be that user.")))
        }
        session.caller = caller
        watchExpiry(of: session)
        let left = session.rooms.filter { !caller.grants.allow(.join, in: $0.name) }
        for room in left { unsubscribe(session, from: room, isLeft: true) }
        for room in session.rooms {
            room.allow(session.key) { allowed($0, in: room.name, caller) }
            if caller.name != old.name { rename(caller, in: room) }
        }
        let names = left.map(\.name)
        finish(
            asker, isRead: false,
            .ok(
                .refreshed(
                    Refreshed(
                        user: caller.user, name: caller.name, expiresAt: caller.expiresAt, left: names))))
    }

    /// Arrives anew under the name and departs once, so that the count of sessions stays.
    private func rename(_ caller: Caller, in room: Room) {
        room.roster.arrive(Member(user: caller.user, name: caller.name))
        room.roster.depart(caller.user, isLeft: true, graceUntil: now.instant)
        rosterChanged(in: room)
    }
}
