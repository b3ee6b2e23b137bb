import ChatProtocol

extension Hub {
    /// `history`: from memory where the page is there, else from the archive.
    func history(_ request: HistoryRequest, _ caller: Caller, _ asker: Asker) {
        if let refusal = refusal(of: "history", needing: .history, in: request.room, for: caller) {
            return refuse(asker, refusal)
        }
        guard rules.kind(of: request.room) == .stored else { return refuse(asker, ErrorReply(.notStored)) }
        let key = RoomKey(tenant: caller.tenant, name: request.room)
        let limit = min(request.limit ?? 50, limits.announced.pagePublications)
        if let room = rooms[key], let page = remembered(request.anchor, limit: limit, in: room) {
            return answer(asker, .ok(.history(page)))
        }
        guard begin(asker, isRead: true) else { return }
        read(.history(asker, request), key, PageRange(request.anchor), limit: limit)
    }

    func historyRead(_ asker: Asker, _ request: HistoryRequest, _ result: Result<ArchivePage, ArchiveError>) {
        switch result {
        case .failure: finish(asker, isRead: true, .error(unreadable))
        case .success(let page):
            finish(asker, isRead: true, .ok(.history(historyPage(page.publications, request, page.state))))
        }
    }

    /// The page out of the room's memory; nil when it is not all there.
    private func remembered(_ anchor: HistoryRequest.Anchor, limit: Int, in room: Room) -> HistoryPage? {
        let sequence = room.sequence
        guard var state = sequence.state, !sequence.isBehind, !room.isReadingState else { return nil }
        state.head = sequence.seen
        let budget = PageBudget(publications: limit, bytes: limits.announced.pageBytes)
        let request = HistoryRequest(room: room.name, anchor: anchor)
        switch anchor {
        case .newest:
            return sequence.ring.page(before: state.head + 1, budget: budget, first: state.first)
                .map { historyPage($0, request, state) }
        case .before(let offset):
            return sequence.ring.page(before: min(offset, state.head + 1), budget: budget, first: state.first)
                .map { historyPage($0, request, state) }
        case .after(let offset):
            guard sequence.ring.covers(after: offset, seen: state.head) else { return nil }
            return historyPage(sequence.ring.page(after: offset, budget: budget), request, state)
        }
    }

    private func historyPage(
        _ publications: [Publication], _ request: HistoryRequest, _ state: RoomState
    ) -> HistoryPage {
        let more =
            if case .after = request.anchor { publications.last.map { $0.offset < state.head } ?? false } else
            {
                publications.first.map { $0.offset > state.first } ?? false
            }
        return HistoryPage(
            room: request.room, epoch: state.epoch, head: state.head, more: more, publications: publications)
    }
}

extension PageRange {
    fileprivate init(_ anchor: HistoryRequest.Anchor) {
        switch anchor {
        case .newest: self = .newest
        case .before(let offset): self = .before(offset)
        case .after(let offset): self = .after(offset)
        }
    }
}
