import Chat
import ChatProtocol
import TestKit
import Time

/// One room as one client knows it: the position that only pushes in sequence move, and the roster.
/// Everything that the server says of the room is held against the protocol's rules and against the archive.
final class ClientRoom {
    enum Phase {
        /// Not joined.
        case absent
        /// A join is under way.
        case joining
        /// Joined, but there is `more`: nothing live may come.
        case paging
        /// Joined.
        case live
        /// A `leave` is under way.
        case leaving
    }

    let name: RoomName
    let kind: RoomKind
    var phase = Phase.absent {
        didSet { if phase == .live, oldValue != .live { liveSince = world.clock.now } }
    }
    /// Since when it has been in the room, or was last.
    private(set) var liveSince = Instant(nanoseconds: 0)
    /// Whether this client wants to be here.
    var isWanted: Bool
    /// The ephemeral pushes this client wants here.
    private let events: RoomEvents
    private(set) var position: StreamPosition?
    /// How many publications this client was told it missed.
    private(set) var skipped = 0
    private(set) var rosterVersion: Int64?
    private(set) var roster: Set<UserID> = []
    private unowned let world: Simulator

    init(name: RoomName, kind: RoomKind, isWanted: Bool, events: RoomEvents, world: Simulator) {
        self.name = name
        self.kind = kind
        self.events = events
        self.isWanted = isWanted
        self.world = world
    }

    /// A new connection: nothing of the old one's subscription lives on.
    func disconnected() {
        phase = .absent
        rosterVersion = nil
    }

    /// The join that fits what is known.
    func join(tail: Int?) -> Join {
        phase = .joining
        return Join(room: name, since: position, tail: position == nil ? tail : nil, events: events)
    }

    // MARK: The answer to `join`

    /// Takes the answer; nil when all is well.
    func joined(_ joined: Joined, asked: Join) -> String? {
        guard joined.room == name, joined.kind == kind else { return "the answer is another room's" }
        rosterVersion = nil
        guard kind == .stored else {
            phase = .live
            return joined.recovered == (asked.since == nil) && joined.publications.isEmpty
                && joined.gap == nil
                ? nil : "an ephemeral room recovers nothing"
        }
        guard let epoch = joined.epoch, let head = joined.head else {
            return "a stored room has epoch and head"
        }
        let start: Offset
        switch base(of: joined, asked: asked, epoch: epoch) {
        case .success(let offset): start = offset
        case .failure(let fault): return fault.text
        }
        position = StreamPosition(epoch: epoch, offset: start)
        for publication in joined.publications {
            if let fault = accept(publication, epoch: epoch) { return fault }
        }
        phase = joined.more ? .paging : .live
        let last = position?.offset ?? 0
        // Without a position there is no place to go on from.
        if joined.more {
            return joined.publications.isEmpty && asked.since == nil ? "more, but of what?" : nil
        }
        return last <= head ? nil : "the pages end at \(last), after the head \(head)"
    }

    private struct Fault: Error { let text: String }

    /// The offset after which the answer's publications begin.
    private func base(of joined: Joined, asked: Join, epoch: Epoch) -> Result<Offset, Fault> {
        let first = joined.publications.first?.position?.offset
        guard let since = asked.since else {
            guard joined.recovered, joined.gap == nil else {
                return .failure(Fault(text: "nothing could be lost"))
            }
            return .success(first.map { $0 - 1 } ?? joined.head ?? 0)
        }
        let ledger = world.archive.ledger
        let end = ledger.end(of: since.epoch.generation, in: name, seenFrom: epoch.generation)
        let sound = min(since.offset, end ?? .max)
        guard let gap = joined.gap else {
            guard joined.recovered, sound == since.offset else {
                return .failure(Fault(text: "what followed \(sound) is void, and nobody said so"))
            }
            return .success(since.offset)
        }
        guard !joined.recovered else { return .failure(Fault(text: "recovered with a gap")) }
        guard gap.lowerBound == sound + 1 else {
            return .failure(Fault(text: "the gap \(gap) should begin at \(sound + 1)"))
        }
        let isVoid = sound < since.offset
        let upper = isVoid && gap.upperBound == since.offset ? sound : gap.upperBound
        guard upper == sound || upper < ledger.first(of: name) else {
            return .failure(
                Fault(text: "the gap \(gap) is in the archive, from \(ledger.first(of: name)) on"))
        }
        // A void range may hide that what follows is trimmed too.
        let start = isVoid ? max(upper, (first ?? upper + 1) - 1) : upper
        guard start < ledger.first(of: name) || start == sound else {
            return .failure(Fault(text: "\(sound + 1) to \(start) are missing"))
        }
        skipped += gap.count
        return .success(start)
    }

    // MARK: Pushes

    /// A publication came unasked.
    func pushed(_ publication: Publication, announcesEpoch: Bool) -> String? {
        guard phase == .live || phase == .leaving else { return "a push came while \(phase)" }
        guard let pushed = publication.position else {
            return kind == .ephemeral ? nil : "a stored publication came without a position"
        }
        guard kind == .stored, let position else { return "a position came in an ephemeral room" }
        guard pushed.epoch == position.epoch || announcesEpoch else { return "the epoch changed silently" }
        guard pushed.epoch.generation >= position.epoch.generation else { return "the epoch went back" }
        return accept(publication, epoch: pushed.epoch)
    }

    private func accept(_ publication: Publication, epoch: Epoch) -> String? {
        guard let offset = publication.position?.offset, let position else { return "there is no position" }
        guard publication.room == name else { return "the publication is another room's" }
        guard offset == position.offset + 1 else { return "I3: \(offset) came after \(position.offset)" }
        self.position = StreamPosition(epoch: epoch, offset: offset)
        return world.archive.ledger.fault(with: publication, epoch: epoch).map { "\(publication) \($0)" }
    }

    /// Publications were left out.
    func skip(_ range: ClosedRange<Offset>) -> String? {
        guard phase == .live || phase == .leaving, let position else { return "a skip came while \(phase)" }
        guard range.lowerBound == position.offset + 1 else {
            return "a skip of \(range) after \(position.offset)"
        }
        guard range.upperBound <= world.archive.ledger.highest(of: name) else {
            return "a skip of what never was"
        }
        self.position = StreamPosition(epoch: position.epoch, offset: range.upperBound)
        skipped += range.count
        return nil
    }

    /// The room's history changed.
    func reset(epoch: Epoch, after: Offset) -> String? {
        guard phase == .live || phase == .leaving, let position else { return "a reset came while \(phase)" }
        guard epoch.generation > position.epoch.generation else { return "a reset to the old epoch" }
        guard after <= position.offset else { return "a reset to \(after) after \(position.offset)" }
        let end = world.archive.ledger.end(
            of: position.epoch.generation, in: name, seenFrom: epoch.generation)
        guard after == min(position.offset, end ?? .max) else {
            return "a reset to \(after), but the history forked after \(end.map(String.init) ?? "nothing")"
        }
        self.position = StreamPosition(epoch: epoch, offset: after)
        return nil
    }

    // MARK: The roster

    /// The roster as a whole.
    func snapshot(_ snapshot: RosterSnapshot) -> String? {
        guard snapshot.room == name, snapshot.count == snapshot.members.count else {
            return "the roster is cut"
        }
        guard snapshot.members.map(\.user) == snapshot.members.map(\.user).sorted() else {
            return "the roster is not in order"
        }
        roster = Set(snapshot.members.map(\.user))
        rosterVersion = phase == .live && events.contains(.presence) ? snapshot.version : nil
        return roster.count == snapshot.count ? nil : "somebody is in the roster twice"
    }

    /// A change of the roster; a version left out means that this client was too slow to be told.
    func changed(_ change: RosterChange, mayLose: Bool) -> String? {
        guard phase == .live || phase == .leaving else { return "a roster change came while \(phase)" }
        guard events.contains(.presence) else { return "a roster change was declined and came" }
        guard let known = rosterVersion else { return nil }
        guard change.version == known + 1 else {
            rosterVersion = nil
            return mayLose && change.version > known
                ? nil : "the roster jumps from \(known) to \(change.version)"
        }
        rosterVersion = change.version
        roster.formUnion(change.join.map(\.user))
        roster.subtract(change.leave)
        return nil
    }
}

extension ClientRoom {
    /// Somebody is typing.
    func typed() -> String? {
        phase == .live || phase == .leaving ? nil : "typing came while \(phase)"
    }
}
