import ChatProtocol

extension Hub {
    /// Asks the archive for a page and notes what it is for.
    @discardableResult
    func read(_ purpose: PendingRead, _ room: RoomKey, _ range: PageRange, limit: Int) -> ReadID {
        lastRead += 1
        reads[lastRead] = purpose
        effects.append(.read(lastRead, room, range, limit: limit, bytes: limits.announced.pageBytes))
        return lastRead
    }

    func pageRead(_ id: ReadID, _ result: Result<ArchivePage, ArchiveError>) {
        switch reads.removeValue(forKey: id) {
        case .gap(let room, let expected, let isHinted)?:
            gapRead(room, expected: expected, isHinted: isHinted, result)
        case .joins(let room, let after)?: joinsRead(room, after: after, result)
        case .history(let asker, let request)?: historyRead(asker, request, result)
        case .rooms?, nil: break
        }
    }
}
