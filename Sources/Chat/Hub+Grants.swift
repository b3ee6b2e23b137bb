import ChatProtocol

/// What a token allows is asked at every verb, by name alone: a refusal tells nothing about the room.
extension Hub {
    /// Why the caller may not do this there; nil where he may. `command` is what he asked.
    func refusal(
        of command: String, needing verb: RoomVerbs, in room: RoomName, for caller: Caller
    ) -> ErrorReply? {
        guard !room.isReserved else {
            return ErrorReply(
                .forbidden, "Names that begin with $ are Parley's own: choose another room.")
        }
        guard !caller.grants.allow(verb, in: room) else { return nil }
        let missing = RoomVerbs.named.first { $0.verb == verb }?.name ?? command
        return ErrorReply(
            .forbidden,
            "\(command) in the room \(room) needs the grant \"\(missing)\", which the token does not give.")
    }

    /// Whether the caller may hear of the room's past.
    func mayRead(_ room: RoomName, _ caller: Caller) -> Bool { caller.grants.allow(.history, in: room) }

    /// The pushes a session wanted and may have.
    func allowed(_ events: RoomEvents, in room: RoomName, _ caller: Caller) -> RoomEvents {
        caller.grants.allow(.presence, in: room) ? events : events.subtracting(.presence)
    }
}
