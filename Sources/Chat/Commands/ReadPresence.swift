import ChatProtocol

extension Hub {
    /// `presence`: who is in a room one is in.
    func presence(_ name: RoomName, _ caller: Caller, _ asker: Asker) {
        if let refusal = refusal(of: "presence", needing: .presence, in: name, for: caller) {
            return refuse(asker, refusal)
        }
        guard case .session(let key, _) = asker, let room = rooms[RoomKey(tenant: caller.tenant, name: name)],
            room.subscription(of: key) != nil
        else { return refuse(asker, ErrorReply(.notJoined)) }
        answer(asker, .ok(.presence(room.roster.snapshot(of: name, limit: limits.rosterMembers))))
    }
}
