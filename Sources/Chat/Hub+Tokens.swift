import ChatProtocol
import Time

/// Tokens: they are checked outside, wait for no one, and end.
extension Hub {
    /// Has a token checked; `verified` goes on.
    func verify(_ token: String, of session: Session, _ purpose: Verification.Purpose) {
        session.verification = Verification(purpose)
        effects.append(.verify(session.key, token: token))
    }

    /// A command that came behind a `connect` whose token is being checked.
    func hold(_ envelope: Envelope, of session: Session, behind verification: Verification) {
        guard verification.hold(envelope, limits: limits) else {
            return disconnect(session.key, Disconnect(.tooEarly))
        }
    }

    /// A token was checked; whoever is gone by now is told nothing.
    func verified(_ key: SessionKey, _ result: Result<Caller, TokenRefusal>) {
        guard let session = session(key), let verification = session.verification else { return }
        session.verification = nil
        switch (verification.purpose, result) {
        case (.connect(let connect, let asker), .success(let caller)):
            accept(caller, connect, session, asker)
        case (.connect(_, let asker), .failure(let refusal)):
            refuse(asker, errorReply(refusal))
            if case .refused = refusal { countRefusal(of: session) }
        case (.refresh(let asker), .success(let caller)):
            refreshed(caller, session, asker)
        case (.refresh(let asker), .failure(let refusal)):
            finish(asker, isRead: false, .error(errorReply(refusal)))
        }
        // Another connect may be among them, and then the others wait again.
        for envelope in verification.waiting {
            guard let session = self.session(key) else { return }
            carryOut(envelope, of: session)
        }
    }

    /// What is said where nobody can check a token.
    var cannotCheckTokens: ErrorReply {
        ErrorReply(
            .unauthorized,
            "This server has no secret and no key set, so it can check no token: leave token out.")
    }

    private func errorReply(_ refusal: TokenRefusal) -> ErrorReply {
        switch refusal {
        case .refused(let sentence): ErrorReply(.unauthorized, sentence)
        case .unavailable:
            ErrorReply(
                .unavailable, "The token cannot be checked just now; send it again.",
                retryAfterMs: limits.retryAfterMs)
        }
    }

    /// Guessing costs a connection.
    private func countRefusal(of session: Session) {
        session.refusedTokens += 1
        guard session.refusedTokens >= limits.refusedTokens else { return }
        disconnect(session.key, Disconnect(.unauthorized))
    }

    // MARK: Expiry

    /// The session lives by this token from now on. The same end is not told twice: who answers `expiring`
    /// with the token he has would be told without pause.
    func watchExpiry(of session: Session) {
        guard session.tokenLife == nil || session.tokenLife?.expiresAt != session.caller?.expiresAt else {
            return
        }
        session.tokenLife = session.caller?.expiresAt.map { TokenLife(until: $0, at: now.wall) }
        setExpiry(of: session)
    }

    /// One timer is set at a time, unless an earlier one is needed: who refreshes often fills no heap.
    private func setExpiry(of session: Session) {
        guard let life = session.tokenLife else { return }
        let due = now.instant + life.rest(at: now.wall)
        if let set = session.expiryTimer, set <= due { return }
        session.expiryTimer = due
        set(.expiry(session.key), at: due)
    }

    /// The clock that tokens go by is not the one of timers: where it was set back there is time left.
    func checkExpiry(_ key: SessionKey) {
        guard let session = session(key), let set = session.expiryTimer, set <= now.instant else { return }
        session.expiryTimer = nil
        guard let life = session.tokenLife else { return }
        if life.rest(at: now.wall) <= .zero {
            guard !life.isTold else { return disconnect(key, Disconnect(.tokenExpired)) }
            session.tokenLife?.isTold = true
            effects.append(.push(key, .expiring(inMs: Int(life.left(at: now.wall)))))
        }
        setExpiry(of: session)
    }
}
