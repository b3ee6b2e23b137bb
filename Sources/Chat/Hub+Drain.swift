import ChatProtocol
import Time

/// The end of a process: everyone is told, what was taken is settled, and only then the sessions end.
extension Hub {
    func drain(afterMs: Int) {
        guard draining == nil else { return }
        draining = Draining(afterMs: afterMs, until: now.instant + .seconds(5))
        for (place, session) in sessions.enumerated() {
            guard let session, session.caller != nil else { continue }
            effects.append(.push(session.key, .goaway(afterMs: returnDelay(place))))
        }
        set(.drained, at: now.instant + .seconds(5))
        checkDrained()
    }

    /// Sessions come back spread over a second more than the advice, so that they do not come as one.
    private func returnDelay(_ place: Int) -> Int { (draining?.afterMs ?? 0) + place * 37 % 1_000 }

    func checkDrained() {
        if drafts.isEmpty { finishDraining() }
    }

    /// Every acknowledgement is out, or the archive took too long.
    func finishDraining() {
        guard let draining, !draining.isOver else { return }
        self.draining?.isOver = true
        for (place, session) in sessions.enumerated() {
            guard let session else { continue }
            disconnect(session.key, Disconnect(.shutdown, afterMs: returnDelay(place)))
        }
    }
}
