import ChatProtocol
import Time

extension Hub {
    /// `connect`: who one is, and the rooms one comes back to, in one round trip.
    func connect(_ connect: Connect, _ session: Session, _ asker: Asker) {
        guard session.caller == nil else { return refuse(asker, ErrorReply(.alreadyConnected)) }
        guard hasID(asker) else { return refuse(asker, .needsID("connect")) }
        guard connect.rooms.count <= limits.announced.roomsPerSession else {
            return refuse(asker, ErrorReply(.tooManyRooms))
        }
        switch (identity, connect.token) {
        case (.believed, nil):
            let user = connect.user ?? session.seed.guest
            accept(
                Caller(tenant: .default, user: user, name: connect.name, grants: .everything), connect,
                session, asker)
        case (.believed, _?): refuse(asker, cannotCheckTokens)
        case (.proven, nil):
            refuse(
                asker,
                ErrorReply(
                    .unauthorized,
                    "This server asks for a token: send connect.token; user and name alone are not believed.")
            )
        case (.proven, let token?):
            guard connect.user == nil, connect.name == nil else {
                return refuse(
                    asker,
                    ErrorReply(
                        .badRequest, "connect.user and connect.name: the token says both, leave them out."))
            }
            verify(token, of: session, .connect(connect, asker))
        }
    }

    /// It is known who this is: the session begins.
    func accept(_ caller: Caller, _ connect: Connect, _ session: Session, _ asker: Asker) {
        session.caller = caller
        watchExpiry(of: session)
        session.heartbeat = connect.heartbeat
        setHeartbeat(session.key, after: now.instant + limits.pingInterval)
        guard begin(asker, isRead: true) else { return }
        let group = JoinGroup(asker: asker, connect: connect)
        group.entries = connect.rooms.map { JoinEntry(group: group, request: $0, session: session.key) }
        start(group, session)
    }

    /// The reply to `connect`, once every room's outcome is known.
    func connected(_ session: Session, rooms: [Connected.RoomOutcome]) -> Answer {
        guard let caller = session.caller else {
            preconditionFailure("a session has a caller once it connected")
        }
        return .connected(
            Connected(
                session: session.seed.name, user: caller.user, name: caller.name, serverTime: now.wall,
                expiresAt: caller.expiresAt,
                pingMs: Int(limits.pingInterval.inMilliseconds),
                pongMs: Int(limits.pongTimeout.inMilliseconds),
                limits: limits.announced, reconnect: ReconnectAdvice(), rooms: rooms))
    }

    func hasID(_ asker: Asker) -> Bool {
        if case .session(_, nil) = asker { return false }
        return true
    }
}

extension ErrorReply {
    /// `connect` and `join` answer with what was missed: without an id it would be lost in silence.
    static func needsID(_ verb: String) -> ErrorReply {
        ErrorReply(.badRequest, "\(verb) needs an id: its reply carries what you missed.")
    }
}
