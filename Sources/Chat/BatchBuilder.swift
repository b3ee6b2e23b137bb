import ChatProtocol
import DequeModule

/// Drafts that wait for the archive, and the batches drawn from them: tenants in turn, within a tenant its
/// rooms in turn, so that no flood holds up another tenant's draft for longer than a batch.
///
/// A room's drafts leave in the order they came. A draft that must not be in this batch (its room has had its
/// share, or the same room, user and client id are in it already) holds back those behind it in its room and
/// no others.
package struct BatchBuilder {
    /// A draft, and who is to be told what became of it.
    package struct Item: Sendable {
        /// The draft.
        package var draft: Draft
        /// Comes back untouched: tokens are unique per endpoint only.
        package var owner: UInt64

        /// That draft of that owner.
        package init(draft: Draft, owner: UInt64) {
            self.draft = draft
            self.owner = owner
        }
    }

    /// How large a batch is at most.
    package struct BatchLimits: Sendable {
        /// Drafts in a batch.
        package var drafts = 256
        /// Drafts of one room in a batch.
        package var draftsOfOneRoom = 64
        /// Bytes of bodies in a batch; a larger draft goes alone.
        package var bodyBytes = 256 * 1024

        /// The usual limits.
        package init() {}
    }

    /// How many drafts wait.
    package private(set) var count = 0
    /// How many bytes of bodies wait.
    package private(set) var bodyBytes = 0

    private let limits: BatchLimits
    private var tenants: [TenantID: Tenant] = [:]
    private var turn: Deque<TenantID> = []

    /// Nothing waits yet.
    package init(limits: BatchLimits = BatchLimits()) { self.limits = limits }

    /// Whether nothing waits.
    package var isEmpty: Bool { count == 0 }

    /// Lets a draft wait behind those of its room.
    package mutating func add(_ draft: Draft, owner: UInt64) {
        count += 1
        bodyBytes += draft.body.count
        if tenants[draft.room.tenant] == nil { turn.append(draft.room.tenant) }
        tenants[draft.room.tenant, default: Tenant()].add(Item(draft: draft, owner: owner))
    }

    /// Draws the next batch; empty only where nothing waits.
    package mutating func next() -> [Item] {
        var batch: [Item] = []
        var room = limits.bodyBytes
        var resting: [TenantID] = []
        while batch.count < limits.drafts, let id = turn.first {
            guard let size = tenants[id]!.nextSize(perRoom: limits.draftsOfOneRoom) else {
                // All its rooms rest until the next batch.
                resting.append(turn.removeFirst())
                continue
            }
            // The turn stays where it is: the large draft begins the next batch.
            if size > room, !batch.isEmpty { break }
            turn.removeFirst()
            room -= size
            batch.append(tenants[id]!.take())
            if tenants[id]!.isEmpty { tenants[id] = nil } else { turn.append(id) }
        }
        turn.append(contentsOf: resting)
        for item in batch { tenants[item.draft.room.tenant]?.endBatch() }
        count -= batch.count
        bodyBytes -= limits.bodyBytes - room
        return batch
    }

    /// Draws everything at once, for when none of it can be stored; each room's drafts in their order.
    package mutating func removeAll() -> [Item] {
        defer { self = BatchBuilder(limits: limits) }
        return turn.flatMap { tenants[$0]!.all }
    }
}

/// One tenant's rooms with waiting drafts.
private struct Tenant {
    private var rooms: [RoomName: Room] = [:]
    private var turn: Deque<RoomName> = []
    private var resting: [RoomName] = []
    /// Rooms that gave to the batch now being drawn.
    private var drawn: [RoomName] = []

    private struct Room {
        var waiting: Deque<BatchBuilder.Item> = []
        /// Whose drafts of this room are in the batch now being drawn.
        var senders: Set<Sender> = []
    }

    private struct Sender: Hashable {
        let user: UserID
        let clientID: ClientID

        init(_ draft: Draft) { (user, clientID) = (draft.user, draft.clientID) }
    }

    var isEmpty: Bool { turn.isEmpty && resting.isEmpty }

    var all: [BatchBuilder.Item] { (turn + resting).flatMap { rooms[$0]!.waiting } }

    mutating func add(_ item: BatchBuilder.Item) {
        let name = item.draft.room.name
        if rooms[name]?.waiting.isEmpty ?? true { turn.append(name) }
        rooms[name, default: Room()].waiting.append(item)
    }

    /// The bytes of the draft that `take` would draw, after sending rooms to rest that may give no more now.
    mutating func nextSize(perRoom limit: Int) -> Int? {
        while let name = turn.first {
            let room = rooms[name]!
            let draft = room.waiting.first!.draft
            if room.senders.count < limit, !room.senders.contains(Sender(draft)) { return draft.body.count }
            resting.append(turn.removeFirst())
        }
        return nil
    }

    mutating func take() -> BatchBuilder.Item {
        let name = turn.removeFirst()
        let item = rooms[name]!.waiting.removeFirst()
        if rooms[name]!.senders.isEmpty { drawn.append(name) }
        rooms[name]!.senders.insert(Sender(item.draft))
        if !rooms[name]!.waiting.isEmpty { turn.append(name) }
        return item
    }

    mutating func endBatch() {
        turn.append(contentsOf: resting)
        resting = []
        for name in drawn {
            rooms[name]!.senders = []
            if rooms[name]!.waiting.isEmpty { rooms[name] = nil }
        }
        drawn = []
    }
}
