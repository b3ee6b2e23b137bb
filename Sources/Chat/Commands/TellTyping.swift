import ChatProtocol
import Time

extension Hub {
    /// `typing`: told to the room at most once an interval per session; more is taken and not told.
    func typing(_ typing: Typing, _ session: Session, _ asker: Asker) {
        guard let caller = session.caller else { return refuse(asker, ErrorReply(.notConnected)) }
        if let refusal = refusal(of: "typing", needing: .publish, in: typing.room, for: caller) {
            return refuse(asker, refusal)
        }
        guard let room = rooms[RoomKey(tenant: caller.tenant, name: typing.room)],
            let subscription = room.subscription(of: session.key)
        else { return refuse(asker, ErrorReply(.notJoined)) }
        answer(asker, .ok(.done))
        if typing.isOn {
            if let last = subscription.typedAt, now.instant < last + limits.typingInterval { return }
        } else {
            // Without a mark there is nothing to take back.
            guard subscription.isTyping else { return }
        }
        room.noteTyping(of: session.key, isOn: typing.isOn, at: now.instant)
        let member = Member(user: caller.user, name: caller.name)
        tellTyping(member, isOn: typing.isOn, in: room)
        effects.append(
            .broadcast(News(origin: origin, room: room.key, content: .typing(member, isOn: typing.isOn))))
    }

    func tellTyping(_ member: Member, isOn: Bool, in room: Room) {
        let audience = room.audience(for: .typing)
        guard !audience.isEmpty else { return }
        effects.append(.fanout(.typing(room: room.name, member: member, isOn: isOn), audience))
    }
}
