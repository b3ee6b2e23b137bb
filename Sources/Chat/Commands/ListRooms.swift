import ChatProtocol

extension Hub {
    /// `rooms`: the stored rooms the user is remembered to be in, and may still join.
    func listRooms(_ request: RoomsRequest, _ caller: Caller, _ asker: Asker) {
        guard begin(asker, isRead: true) else { return }
        askForRooms(request, caller, asker, limit: roomsLimit(request))
    }

    func roomsListed(_ id: ReadID, _ result: Result<RoomsPage, ArchiveError>) {
        guard case .rooms(let asker, let request, var caller)? = reads.removeValue(forKey: id) else { return }
        guard case .success(let page) = result else {
            return finish(asker, isRead: true, .error(unreadable))
        }
        if case .session(let key, _) = asker {
            guard let session = session(key) else { return }
            // A refresh may have come meanwhile.
            caller = session.caller ?? caller
        }
        let shown = page.rooms.compactMap { self.shown($0, to: caller) }
        // An empty page would leave the client without a name to go on from.
        guard shown.isEmpty, page.more, let last = page.rooms.last else {
            let limit = roomsLimit(request)
            let answer = RoomsPage(rooms: Array(shown.prefix(limit)), more: page.more || shown.count > limit)
            return finish(asker, isRead: true, .ok(.rooms(answer)))
        }
        var rest = request
        rest.after = last.room
        // What is hidden is passed in large steps: who asks for little may have much of it.
        askForRooms(rest, caller, asker, limit: longestRoomsPage)
    }

    private func askForRooms(_ request: RoomsRequest, _ caller: Caller, _ asker: Asker, limit: Int) {
        lastRead += 1
        reads[lastRead] = .rooms(asker, request, caller)
        effects.append(
            .listRooms(
                lastRead, UserKey(tenant: caller.tenant, user: caller.user), after: request.after,
                limit: limit))
    }

    private var longestRoomsPage: Int { 100 }

    private func roomsLimit(_ request: RoomsRequest) -> Int { min(request.limit ?? 50, longestRoomsPage) }

    private func shown(_ summary: RoomSummary, to caller: Caller) -> RoomSummary? {
        guard caller.grants.allow(.join, in: summary.room) else { return nil }
        var summary = summary
        if !mayRead(summary.room, caller) { summary.last = nil }
        return summary
    }
}
