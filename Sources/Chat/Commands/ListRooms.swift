import ChatProtocol

extension Hub {
    /// `rooms`: the stored rooms the user is remembered to be in.
    func listRooms(_ request: RoomsRequest, _ caller: Caller, _ asker: Asker) {
        guard begin(asker, isRead: true) else { return }
        lastRead += 1
        reads[lastRead] = .rooms(asker)
        effects.append(
            .listRooms(
                lastRead, UserKey(tenant: caller.tenant, user: caller.user), after: request.after,
                limit: min(request.limit ?? 50, 100)))
    }

    func roomsListed(_ id: ReadID, _ result: Result<RoomsPage, ArchiveError>) {
        guard case .rooms(let asker)? = reads.removeValue(forKey: id) else { return }
        switch result {
        case .failure: finish(asker, isRead: true, .error(unavailable))
        case .success(let page): finish(asker, isRead: true, .ok(.rooms(page)))
        }
    }
}
