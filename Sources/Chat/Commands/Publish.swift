import ChatProtocol
import Time

extension Hub {
    /// `publish`: in a stored room the archive decides when it is acknowledged and where it stands.
    func publish(_ publish: Publish, _ caller: Caller, _ asker: Asker) {
        if let refusal = refusal(of: "publish", needing: .publish, in: publish.room, for: caller) {
            return refuse(asker, refusal)
        }
        guard publish.body.count <= limits.announced.bodyBytes else {
            return refuse(
                asker, ErrorReply(.tooLarge, "The body has more than \(limits.announced.bodyBytes) bytes."))
        }
        let key = RoomKey(tenant: caller.tenant, name: publish.room)
        switch rules.kind(of: publish.room) {
        case .ephemeral: tellEphemeral(publish, key, caller, asker)
        case .stored: store(publish, key, caller, asker)
        }
    }

    private func store(_ publish: Publish, _ room: RoomKey, _ caller: Caller, _ asker: Asker) {
        guard let clientID = publish.clientID else {
            return refuse(
                asker,
                ErrorReply(
                    .badRequest, "publish.clientId: a stored room needs one, so that a retry is recognised."))
        }
        guard draining == nil, drafts.bytes + publish.body.count <= limits.pendingBytes else {
            return refuse(asker, unavailable)
        }
        guard begin(asker, isRead: false) else { return }
        let draft = Draft(
            token: drafts.nextToken(), room: room, user: caller.user, name: caller.name, clientID: clientID,
            body: publish.body)
        if drafts.oldest() == nil { set(.drafts, at: now.instant + limits.draftTimeout) }
        drafts.add(draft, asker, at: now.instant)
        effects.append(.append(draft))
    }

    /// The archive decided: only now anyone hears of it, the sender first.
    func settle(_ settlement: Settlement) {
        guard let entry = drafts.remove(settlement.token) else { return }
        let reply: Reply
        switch settlement.outcome {
        case .stored(let position, let time):
            statistics.stored += 1
            reply = .ok(.published(Published(position: position, time: time)))
        case .repeated(let position, let time):
            statistics.repeats += 1
            // The first one's news may have been lost with whoever sent it.
            if let room = rooms[entry.draft.room], room.sequence.epoch == position.epoch {
                room.sequence.learn(head: position.offset)
                followUp(room)
            }
            reply = .ok(.published(Published(position: position, time: time, isRepeat: true)))
        case .clientIdReused: reply = .error(ErrorReply(.clientIdReused))
        case .refused: reply = .error(ErrorReply(.refused))
        case .unavailable: reply = .error(unavailable)
        }
        if let asker = entry.asker { finish(asker, isRead: false, reply) }
        if case .stored(let position, let time) = settlement.outcome {
            tellStored(Publication(entry.draft, position: position, time: time), in: entry.draft.room)
        }
        if draining != nil { checkDrained() }
    }

    private func tellStored(_ publication: Publication, in key: RoomKey) {
        if let room = rooms[key] { arrive(publication, in: room) }
        effects.append(.broadcast(News(origin: origin, room: key, content: .publication(publication))))
    }

    private func tellEphemeral(_ publish: Publish, _ key: RoomKey, _ caller: Caller, _ asker: Asker) {
        let publication = Publication(
            room: publish.room, position: nil, time: now.wall, user: caller.user, name: caller.name,
            clientID: publish.clientID, body: publish.body)
        statistics.ephemeral += 1
        answer(asker, .ok(.published(Published(position: nil, time: now.wall))))
        if let room = rooms[key] { deliver(publication, in: room) }
        effects.append(.broadcast(News(origin: origin, room: key, content: .publication(publication))))
    }

    /// Drafts that the archive does not settle in time: their senders are told that nobody knows.
    func giveUpOldDrafts() {
        let limit = now.instant - limits.draftTimeout
        while let asker = drafts.giveUpOldest(since: limit) {
            finish(asker, isRead: false, .error(unavailable))
        }
        if let oldest = drafts.oldest() { set(.drafts, at: oldest + limits.draftTimeout) }
    }
}

extension Publication {
    /// What a draft became.
    init(_ draft: Draft, position: StreamPosition, time: WallTime) {
        self.init(
            room: draft.room.name, position: position, time: time, user: draft.user, name: draft.name,
            clientID: draft.clientID, body: draft.body)
    }
}
