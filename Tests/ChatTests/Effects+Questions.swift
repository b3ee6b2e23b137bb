import ChatProtocol

@testable import Chat

/// What tests ask about a turn's effects.
extension [Effect] {
    /// The answers to a session, in order.
    func replies(to key: SessionKey) -> [Reply] {
        compactMap { effect in
            if case .reply(key, _, let reply) = effect { reply } else { nil }
        }
    }

    /// The errors a session was answered with.
    func errors(to key: SessionKey) -> [ErrorCode] {
        replies(to: key).compactMap { if case .error(let error) = $0 { error.code } else { nil } }
    }

    /// The last answer, when it is one to `join`.
    func joined(_ key: SessionKey) -> Joined? {
        if case .ok(.joined(let joined))? = replies(to: key).last { joined } else { nil }
    }

    /// The last answer, when it is one to `connect`.
    func connected(_ key: SessionKey) -> Connected? {
        if case .ok(.connected(let connected))? = replies(to: key).last { connected } else { nil }
    }

    /// The last answer, when it is one to `publish`.
    func published(_ key: SessionKey) -> Published? {
        if case .ok(.published(let published))? = replies(to: key).last { published } else { nil }
    }

    /// The last answer, when it is one to `history`.
    func history(_ key: SessionKey) -> HistoryPage? {
        if case .ok(.history(let page))? = replies(to: key).last { page } else { nil }
    }

    /// The last answer, when it is one to `presence`.
    func snapshot(_ key: SessionKey) -> RosterSnapshot? {
        if case .ok(.presence(let snapshot))? = replies(to: key).last { snapshot } else { nil }
    }

    /// The last answer, when it is one to `rooms`.
    func rooms(_ key: SessionKey) -> RoomsPage? {
        if case .ok(.rooms(let page))? = replies(to: key).last { page } else { nil }
    }

    /// The last answer, when it is one to `refresh`.
    func refreshed(_ key: SessionKey) -> Refreshed? {
        if case .ok(.refreshed(let refreshed))? = replies(to: key).last { refreshed } else { nil }
    }

    /// The sentence of the last answer, when it is an error.
    func sentence(to key: SessionKey) -> String? {
        if case .error(let error)? = replies(to: key).last { error.message } else { nil }
    }

    /// What a session was told unasked, in order.
    func pushes(to key: SessionKey) -> [Push] {
        compactMap { effect in
            switch effect {
            case .push(key, let push): push
            case .fanout(let push, let keys) where keys.contains(key): push
            default: nil
            }
        }
    }

    /// The publications a session was told unasked.
    func publications(to key: SessionKey) -> [Publication] {
        pushes(to: key).compactMap {
            if case .publication(let publication, _) = $0 { publication } else { nil }
        }
    }

    /// Their offsets; 0 for an ephemeral one.
    func offsets(to key: SessionKey) -> [Offset] { publications(to: key).map { $0.position?.offset ?? 0 } }

    /// Offsets of publications that announced their epoch.
    func announced(to key: SessionKey) -> [Offset] {
        pushes(to: key).compactMap {
            if case .publication(let publication, announcesEpoch: true) = $0 {
                publication.position?.offset
            } else {
                nil
            }
        }
    }

    /// The ranges a session was told to fetch itself.
    func skips(to key: SessionKey) -> [ClosedRange<Offset>] {
        pushes(to: key).compactMap { if case .skip(_, let range) = $0 { range } else { nil } }
    }

    /// Where a session was set back to, and in which epoch.
    func resets(to key: SessionKey) -> [StreamPosition] {
        pushes(to: key).compactMap { push in
            if case .reset(_, let epoch, let after) = push {
                StreamPosition(epoch: epoch, offset: after)
            } else {
                nil
            }
        }
    }

    /// Changes of rosters a session was told.
    func presence(to key: SessionKey) -> [RosterChange] {
        pushes(to: key).compactMap { if case .presence(let change) = $0 { change } else { nil } }
    }

    /// Typing marks a session was told.
    func typing(to key: SessionKey) -> [Bool] {
        pushes(to: key).compactMap { if case .typing(_, _, let isOn) = $0 { isOn } else { nil } }
    }

    /// What the other hubs are told.
    var broadcasts: [News.Content] {
        compactMap { if case .broadcast(let news) = $0 { news.content } else { nil } }
    }

    /// What the other hubs are told of our part of rosters.
    var rosterNews: [(previous: Int64, number: Int64, change: RosterNews)] {
        broadcasts.compactMap { content in
            if case .roster(let previous, let number, let change) = content {
                (previous, number, change)
            } else {
                nil
            }
        }
    }

    /// How a session was ended.
    func disconnects(of key: SessionKey) -> [DisconnectCode] {
        compactMap { if case .disconnect(key, let reason) = $0 { reason.code } else { nil } }
    }

    /// How often a page was read.
    var reads: Int { count { if case .read = $0 { true } else { false } } }
    /// Which rooms' heads were compared, by comparison.
    var comparisons: [[RoomName]] {
        compactMap { if case .readHeads(let rooms) = $0 { rooms.map(\.name) } else { nil } }
    }
    /// Rooms whose subscription was asked for again.
    var renewals: [RoomName] { compactMap { if case .renew(let room) = $0 { room.name } else { nil } } }
    /// How often a room's state was read.
    var openings: Int { count { if case .openRoom = $0 { true } else { false } } }
    /// After which generations another was asked for.
    var generationsDoubted: [Int64] {
        compactMap { if case .beginGeneration(let doubted) = $0 { doubted.number } else { nil } }
    }
    /// How many drafts went to the archive.
    var appends: Int { count { if case .append = $0 { true } else { false } } }
    /// How many rooms were given up.
    var unsubscriptions: Int { count { if case .unsubscribe = $0 { true } else { false } } }
}

extension Joined {
    var offsets: [Offset] { publications.map { $0.position?.offset ?? 0 } }
}

extension HistoryPage {
    var offsets: [Offset] { publications.map { $0.position?.offset ?? 0 } }
}
