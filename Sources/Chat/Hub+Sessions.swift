import ChatProtocol
import Time

/// How a session begins, is kept honest, and ends.
extension Hub {
    func session(_ key: SessionKey) -> Session? {
        guard Int(key.slot) < sessions.count, let session = sessions[Int(key.slot)], session.key == key else {
            return nil
        }
        return session
    }

    func open(_ key: SessionKey, _ seed: SessionSeed) {
        while sessions.count <= Int(key.slot) { sessions.append(nil) }
        precondition(sessions[Int(key.slot)] == nil, "a slot has one session at a time")
        let session = Session(key: key, seed: seed, at: now.instant)
        sessions[Int(key.slot)] = session
        if let draining {
            disconnect(key, Disconnect(.shutdown, afterMs: draining.afterMs))
        } else if seed.expectsConnect {
            set(.connectTimeout(key), at: now.instant + limits.connectTimeout)
        } else {
            session.heartbeat = .frame
            setHeartbeat(key, after: now.instant + limits.pingInterval)
        }
    }

    /// Takes a command. Everything but `pong` needs a `connect` before it.
    func command(_ envelope: Envelope, of key: SessionKey) {
        guard let session = session(key) else { return }
        session.heardAt = now.instant
        guard mayAsk(envelope.command, session, .session(key, envelope.id)) else { return }
        carryOut(envelope, of: session)
    }

    /// Carries a command out that has paid for it; those that waited for a token's check come here again.
    func carryOut(_ envelope: Envelope, of session: Session) {
        let key = session.key
        let asker = Asker.session(key, envelope.id)
        if case .pong = envelope.command { return }
        if let verification = session.verification, verification.blocks {
            return hold(envelope, of: session, behind: verification)
        }
        if case .connect(let connect) = envelope.command { return self.connect(connect, session, asker) }
        guard let caller = session.caller else { return refuse(asker, ErrorReply(.notConnected)) }
        guard session.outstanding < limits.announced.outstanding else {
            return refuse(asker, ErrorReply(.tooManyOutstanding, retryAfterMs: 100))
        }
        switch envelope.command {
        case .connect, .pong: break
        case .ping: answer(asker, .ok(.pong(time: now.wall)))
        case .join(let join): self.join(join, session, asker)
        case .leave(let room): leave(room, session, asker)
        case .publish(let publish): self.publish(publish, caller, asker)
        case .history(let request): history(request, caller, asker)
        case .presence(let room): presence(room, caller, asker)
        case .typing(let typing): self.typing(typing, session, asker)
        case .rooms(let request): listRooms(request, caller, asker)
        case .refresh(let token): refresh(token, session, asker)
        }
    }

    func malformed(_ id: CommandID?, _ error: ErrorReply, of key: SessionKey) {
        guard let session = session(key) else { return }
        session.heardAt = now.instant
        guard mayAsk(nil, session, .session(key, id)) else { return }
        refuse(.session(key, id), error)
    }

    /// A REST call: the two verbs that need no session.
    func request(_ id: RequestID, _ caller: Caller, _ command: Command) {
        switch command {
        case .publish(let publish): self.publish(publish, caller, .request(id))
        case .history(let request): history(request, caller, .request(id))
        default: answer(.request(id), .error(ErrorReply(.unknownVerb)))
        }
    }

    /// The gateway lost the connection.
    func close(_ key: SessionKey) {
        guard let session = session(key) else { return }
        sessions[Int(key.slot)] = nil
        for room in session.rooms { unsubscribe(session, from: room, isLeft: false) }
    }

    /// The hub ends the session; the gateway's `closed` that follows finds nobody.
    func disconnect(_ key: SessionKey, _ reason: Disconnect) {
        guard session(key) != nil else { return }
        statistics.disconnects[reason.code.name, default: 0] += 1
        effects.append(.disconnect(key, reason))
        close(key)
    }

    // MARK: Answers

    func answer(_ asker: Asker, _ reply: Reply) {
        switch asker {
        case .session(let key, let id):
            guard session(key) != nil else { return }
            // Without an id only an error is told.
            if id == nil, case .ok = reply { return }
            effects.append(.reply(key, id, reply))
        case .request(let id):
            effects.append(.respond(id, reply))
        }
    }

    func refuse(_ asker: Asker, _ error: ErrorReply) {
        statistics.refusals[error.code.name, default: 0] += 1
        answer(asker, .error(error))
    }

    /// Counts a command that will be answered later; false (and refused) when too many are under way.
    func begin(_ asker: Asker, isRead: Bool) -> Bool {
        guard case .session(let key, _) = asker, let session = session(key) else { return true }
        if isRead, session.outstandingReads >= limits.announced.outstandingReads {
            refuse(asker, ErrorReply(.tooManyOutstanding, retryAfterMs: 100))
            return false
        }
        session.outstanding += 1
        session.outstandingReads += isRead ? 1 : 0
        return true
    }

    /// The other end of `begin`.
    func finish(_ asker: Asker, isRead: Bool, _ reply: Reply) {
        if case .session(let key, _) = asker, let session = session(key) {
            session.outstanding -= 1
            session.outstandingReads -= isRead ? 1 : 0
        }
        if case .error(let error) = reply { return refuse(asker, error) }
        answer(asker, reply)
    }

    var unavailable: ErrorReply { ErrorReply(.unavailable, retryAfterMs: limits.retryAfterMs) }

    /// The same for what only reads: there is no message that might be stored.
    var unreadable: ErrorReply {
        ErrorReply(.unavailable, "The archive does not answer; ask again.", retryAfterMs: limits.retryAfterMs)
    }

    // MARK: Signs of life

    func checkConnect(_ key: SessionKey) {
        guard let session = session(key), session.caller == nil else { return }
        disconnect(key, Disconnect(.connectTimeout))
    }

    /// Timers are lazy: a sign of life only notes its time, and the timer that was set long before looks it
    /// up.
    func checkHeartbeat(_ key: SessionKey) {
        guard let session = session(key) else { return }
        // What a congested session sends is not read: its own timer watches it.
        if session.congestedSince != nil {
            return setHeartbeat(key, after: now.instant + limits.pingInterval)
        }
        if let asked = session.askedAt {
            guard session.heardAt >= asked else { return disconnect(key, Disconnect(.noPong)) }
            session.askedAt = nil
        }
        let due = session.heardAt + limits.pingInterval
        guard due <= now.instant else { return setHeartbeat(key, after: due) }
        session.askedAt = now.instant
        switch session.heartbeat {
        case .message: effects.append(.push(key, .ping))
        case .frame: effects.append(.pingFrame(key))
        }
        setHeartbeat(key, after: now.instant + limits.pongTimeout)
    }

    /// Heartbeats fall due in slots of 100 ms: many in one turn cost a quarter of as many lone wake-ups.
    func setHeartbeat(_ key: SessionKey, after due: Instant) {
        let slot: Int64 = 100_000_000
        let rounded = (due.nanoseconds + slot - 1) / slot * slot
        set(.heartbeat(key), at: Instant(nanoseconds: rounded))
    }
}
