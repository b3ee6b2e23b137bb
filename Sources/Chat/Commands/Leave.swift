import ChatProtocol
import Time

extension Hub {
    /// `leave`: harmless to repeat.
    func leave(_ name: RoomName, _ session: Session, _ asker: Asker) {
        if let caller = session.caller {
            if let room = session.rooms.first(where: { $0.name == name }) {
                unsubscribe(session, from: room, isLeft: true)
            }
            effects.append(
                .remember(UserKey(tenant: caller.tenant, user: caller.user), in: name, joined: false))
        }
        answer(asker, .ok(.done))
    }

    /// `isLeft`: by command. Otherwise the connection ended, and the roster keeps the user for a grace.
    func unsubscribe(_ session: Session, from room: Room, isLeft: Bool) {
        session.rooms.removeAll { $0 === room }
        guard let gone = room.remove(session.key) else { return }
        room.roster.depart(gone.user, isLeft: isLeft, graceUntil: now.instant + limits.rosterGrace)
        rosterChanged(in: room)
        if room.subscriptions.isEmpty {
            room.emptySince = now.instant
            set(.linger(room), at: now.instant + limits.roomLinger)
        }
    }
}
