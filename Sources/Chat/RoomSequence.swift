import ChatProtocol

/// How far one stored room has come on this worker, and what waits for its turn (`seen`, `target`, `held`).
///
/// Publications come from our own commits, from other workers, from the broker and from the archive, in any
/// order and any number of times; they go on in the archive's order, once.
struct RoomSequence {
    /// The room in the archive as last read; nil while the room opens.
    private(set) var state: RoomState?
    /// The last offset handed on.
    private(set) var seen: Offset = 0
    /// The highest offset known to exist.
    private(set) var target: Offset = 0
    /// The highest offset the archive's sweep told of: news of it may well be under way.
    private(set) var hinted: Offset = 0
    /// What the sweep told while the room opened or was paused, and so could not be judged.
    private var earlyHead: StreamPosition?
    /// Publications after a hole.
    private(set) var held: HeldPublications
    /// Recent publications, ending at `seen`.
    var ring = Ring()
    /// News contradicted what is known: nothing goes on before the archive was asked.
    private(set) var isPaused = false
    private let ringLimit: Int

    init(limits: Limits) {
        held = HeldPublications(limits: limits)
        ringLimit = limits.ringBytes
    }

    /// The highest offset known to exist, also by a hint.
    var goal: Offset { max(target, hinted) }
    var isBehind: Bool { state != nil && goal > seen }
    /// It is behind by more than a hint.
    var isMissing: Bool { state != nil && target > seen }
    var epoch: Epoch? { state?.epoch }

    /// What became of a publication that arrived.
    enum Verdict: Equatable {
        /// It was known, or belongs to a history that is over.
        case dropped
        /// It waits for those before it.
        case held
        /// It, and maybe some that waited for it, can be handed on.
        case accepted
        /// It contradicts what is known here: the room's state must be read again.
        case contradicts
    }

    /// Takes a publication; what may be handed on now is added to `accepted`, in order.
    mutating func receive(_ publication: Publication, accepted: inout [Publication]) -> Verdict {
        guard let position = publication.position else { return .dropped }
        guard let state, !isPaused else {
            hold(publication)
            return .held
        }
        if position.epoch != state.epoch {
            guard let parts = position.epoch.parts else { return .dropped }
            let isLater = (parts.generation, parts.room) > (state.generation, state.id)
            return isLater ? .contradicts : .dropped
        }
        if position.offset <= seen {
            guard let known = ring[position.offset], known.clientID != publication.clientID else {
                return .dropped
            }
            return .contradicts
        }
        target = max(target, position.offset)
        guard position.offset == seen + 1 else {
            hold(publication)
            return .held
        }
        accept(publication, into: &accepted)
        releaseHeld(into: &accepted)
        return .accepted
    }

    /// The archive says the room has come this far.
    mutating func learn(head: Offset) { target = max(target, head) }

    /// The archive's sweep says the room has come this far: maybe old, maybe told by news in a moment.
    mutating func hear(head: StreamPosition) -> Verdict {
        guard let state, !isPaused else {
            if earlyHead.map({ head.isLater(than: $0) }) ?? true { earlyHead = head }
            return .held
        }
        guard head.epoch == state.epoch else {
            return head.epoch.isLater(than: state) ? .contradicts : .dropped
        }
        guard head.offset > seen else { return .dropped }
        hinted = max(hinted, head.offset)
        return .held
    }

    /// What the sweep told before the room could judge it, which it can now.
    mutating func takeEarlyHead() -> StreamPosition? {
        guard state != nil, !isPaused else { return nil }
        defer { earlyHead = nil }
        return earlyHead
    }

    /// The room opens: everything up to the head is past, what was held after it goes on.
    mutating func open(_ page: ArchivePage, accepted: inout [Publication]) {
        state = page.state
        seen = page.state.head
        target = max(seen, held.keep(after: seen, in: page.state.epoch) ?? 0)
        ring.prepend(page.publications, endingAt: seen, limit: ringLimit)
        releaseHeld(into: &accepted)
    }

    /// The archive has nothing before `first` any more: the range that was missed, if it was.
    mutating func trim(to first: Offset, accepted: inout [Publication]) -> ClosedRange<Offset>? {
        guard first > seen + 1 else { return nil }
        let missed = (seen + 1)...(first - 1)
        ring.removeAll()
        seen = first - 1
        target = max(target, seen)
        if let epoch { _ = held.keep(after: seen, in: epoch) }
        releaseHeld(into: &accepted)
        return missed
    }

    /// Something is wrong: what waits is not believed, what arrives waits until `resync`.
    mutating func pause() {
        isPaused = true
        held.removeAll()
        target = seen
        hinted = 0
    }

    /// Takes over a page that was read after `pause`, or later news would look void. What lay above the
    /// returned offset, if any, is void for everyone.
    mutating func resync(_ page: ArchivePage, accepted: inout [Publication]) -> Offset? {
        guard let old = state else { preconditionFailure("a room that is opening is not resynchronised") }
        let new = page.state
        var cut = new.id == old.id ? min(new.head, seen) : 0
        if new.id == old.id, let fork = new.forks.first(where: { $0.generation > old.generation }) {
            cut = min(cut, fork.first - 1)
        }
        cut = ring.agreement(with: page.publications, upTo: cut)
        state = new
        // A contradiction may be in the ring itself, so the ring is not believed either.
        ring.removeAll()
        target = max(new.head, held.keep(after: cut, in: new.epoch) ?? 0)
        let hasVoid = cut < seen
        seen = cut
        ring.prepend(page.publications, endingAt: seen, limit: ringLimit)
        isPaused = false
        releaseHeld(into: &accepted)
        return hasVoid ? cut : nil
    }

    /// Adds older publications in front of the ring, where they fit.
    mutating func remember(_ page: [Publication]) {
        ring.prepend(page, endingAt: seen, limit: ringLimit)
    }

    private mutating func accept(_ publication: Publication, into accepted: inout [Publication]) {
        seen = publication.offset
        ring.append(publication, limit: ringLimit)
        accepted.append(publication)
    }

    private mutating func releaseHeld(into accepted: inout [Publication]) {
        while let next = held.remove(seen + 1) { accept(next, into: &accepted) }
        target = max(target, seen)
    }

    /// Gives back memory of what is held; the archive has it.
    mutating func giveBackHeld(_ excess: Int) { held.giveBack(excess) }

    private mutating func hold(_ publication: Publication) {
        target = max(target, publication.offset)
        held.insert(publication)
    }
}

extension StreamPosition {
    /// Of a later epoch, or of the same and farther.
    fileprivate func isLater(than other: StreamPosition) -> Bool {
        guard let mine = epoch.parts, let others = other.epoch.parts else { return other.epoch.parts == nil }
        return (mine.generation, mine.room, offset) > (others.generation, others.room, other.offset)
    }
}
