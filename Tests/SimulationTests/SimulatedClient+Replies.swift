import Chat
import ChatProtocol
import TestKit

/// The replies: each command is answered once, by an answer of its kind.
extension SimulatedClient {
    func replied(_ id: CommandID?, _ reply: Reply) {
        guard let id else {
            if case .error(let error) = reply, error.code.mayRetry { return }
            return fail("a reply without id: \(reply)")
        }
        guard let meaning = asked.removeValue(forKey: id) else {
            return fail("command \(id) is answered twice")
        }
        switch reply {
        case .error(let error): refused(meaning, error)
        case .ok(let answer): answered(meaning, answer)
        }
    }

    private func answered(_ meaning: Asked, _ answer: Answer) {
        switch (meaning, answer) {
        case (.connect(let joins), .connected(let connected)): self.connected(connected, asked: joins)
        case (.join(let room, let join), .joined(let joined)): self.joined(room, joined, asked: join)
        case (.leave(let room), .done): room.disconnected()
        case (.publish(let draft, let isForged), .published(let published)):
            isForged
                ? fail("the same id with another body was stored: \(draft.publish)")
                : settled(draft, published)
        case (.history(let request), .history(let page)):
            if let fault = fault(of: page, asked: request) { fail("history \(request): \(fault)") }
        case (.presence(let room), .presence(let snapshot)):
            if let fault = room.snapshot(snapshot) { fail("\(room.name): \(fault)") }
            if room.phase == .live, !room.roster.contains(user) {
                fail("\(room.name): is not in its own roster")
            }
        case (.rooms, .rooms(let page)):
            for summary in page.rooms {
                guard let last = summary.last else { continue }
                if last.position?.offset != summary.head {
                    fail("rooms: \(summary) does not end at its head")
                }
                if let fault = world.archive.ledger.fault(with: last, epoch: summary.epoch) {
                    fail("\(last) \(fault)")
                }
            }
        case (.other, _): break
        default: fail("\(meaning) is answered by \(answer)")
        }
    }

    private func connected(_ connected: Connected, asked joins: [Join]) {
        guard connected.user == user, connected.rooms.count == joins.count else {
            return fail("connect is answered by \(connected)")
        }
        becameConnected()
        for (join, outcome) in zip(joins, connected.rooms) {
            guard let room = room(join.room) else { continue }
            switch outcome {
            case .joined(let joined): self.joined(room, joined, asked: join)
            case .refused(_, let error): refused(.join(room, join), error)
            }
        }
        for draft in drafts { send(draft) }
    }

    private func joined(_ room: ClientRoom, _ joined: Joined, asked join: Join) {
        world.statistics.joins += 1
        if joined.gap != nil { world.statistics.gaps += 1 }
        if joined.more { world.statistics.pages += 1 }
        if let fault = room.joined(joined, asked: join) {
            return fail("\(room.name), joined \(join) by \(joined): \(fault)")
        }
        if room.phase == .paging { self.join(room) }
        if room.phase == .live, world.random.chance(0.3) { send(.presence(room.name), .presence(room)) }
    }

    private func refused(_ meaning: Asked, _ error: ErrorReply) {
        if case .publish(_, true) = meaning, error.code == .clientIdReused { return }
        if case .presence = meaning, error.code == .notJoined { return }
        guard error.code.mayRetry, let delay = error.retryAfterMs else {
            return fail("\(meaning) is refused: \(error)")
        }
        world.statistics.refusals += 1
        let connection = self.connection
        if case .join(let room, _) = meaning { room.disconnected() }
        if case .leave(let room) = meaning { room.phase = .live }
        let jitter = world.random.number(in: 0...500)
        world.after(microseconds: (delay + jitter) * 1_000) { [self] in
            guard self.connection === connection else { return }
            switch meaning {
            case .connect: leave()
            case .join(let room, _): join(room)
            case .publish(let draft, false): if !draft.isSettled { send(draft) }
            default: break
            }
        }
    }

    /// The draft was acknowledged, here or by REST.
    func settled(_ draft: ClientDraft, _ published: Published) {
        guard draft.publish.clientID != nil else {
            return published.position == nil ? () : fail("an ephemeral publication has a position")
        }
        let ledger = world.archive.ledger
        let publish = draft.publish
        func told(at position: StreamPosition) -> Ledger.Acknowledgement {
            Ledger.Acknowledgement(room: publish.room, position: position, publication: publish, user: user)
        }
        if let fault = draft.acknowledged(published, isStillThere: { !ledger.isVoid(told(at: $0)) }) {
            fail(fault)
        }
        drafts.removeAll { $0 === draft }
        guard let position = published.position else { return }
        world.statistics.acknowledged += 1
        if published.isRepeat { world.statistics.repeats += 1 }
        if let fault = world.archive.ledger.acknowledge(told(at: position)) { fail(fault) }
        askAgain(draft)
    }

    /// Now and then a client repeats itself without need, or reuses an id.
    private func askAgain(_ draft: ClientDraft) {
        guard !world.faults.historyChanges, world.isStormy, world.random.chance(0.08) else { return }
        let isForged = world.random.chance(0.3)
        world.after(microseconds: world.random.number(in: 1_000...4_000_000)) { [self] in
            if connection != nil { send(draft, isForged: isForged) }
        }
    }

    private func fault(of page: HistoryPage, asked request: HistoryRequest) -> String? {
        guard page.room == request.room else { return "another room's" }
        let offsets = page.publications.compactMap { $0.position?.offset }
        guard offsets.count == page.publications.count else { return "a publication without a position" }
        for (earlier, later) in zip(offsets, offsets.dropFirst()) where later != earlier + 1 {
            return "\(later) follows \(earlier)"
        }
        guard offsets.count <= request.limit ?? .max, (offsets.last ?? 0) <= page.head else {
            return "too much"
        }
        let first = world.archive.ledger.first(of: request.room)
        switch request.anchor {
        case .after(let offset):
            guard let start = offsets.first else {
                return page.head <= offset ? nil : "nothing after \(offset)"
            }
            guard start == offset + 1 || start > offset && start <= first else { return "begins at \(start)" }
            guard page.more == (offsets.last != page.head) else {
                return "more: \(page.more), head \(page.head)"
            }
        case .before(let offset):
            if let last = offsets.last, last != min(offset - 1, page.head) { return "ends at \(last)" }
        case .newest:
            if offsets.last ?? page.head != page.head {
                return "ends at \(offsets), not at the head \(page.head)"
            }
        }
        for publication in page.publications {
            if let fault = world.archive.ledger.fault(with: publication, epoch: page.epoch) {
                return "\(publication) \(fault)"
            }
        }
        return nil
    }
}
