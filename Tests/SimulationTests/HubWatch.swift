import ChatProtocol

@testable import Chat

/// What must hold inside a hub after every step: I4, I5, I6 and I8 of ordering.md §4. It looks into the hub,
/// which nobody else may; what it looks at is what the invariants name.
struct HubWatch {
    private struct Seen {
        let room: ObjectIdentifier
        let epoch: Epoch?
        let offset: Offset
    }

    private var last: [RoomKey: Seen] = [:]
    private var steps = 0

    /// The first invariant that does not hold; nil when all do.
    mutating func broken(in hub: Hub, ledger: Ledger) -> String? {
        steps += 1
        var ringBytes = 0
        for room in hub.roomList where room.kind == .stored {
            if let fault = brokenOrder(in: room) ?? brokenRing(in: room, ledger) ?? brokenLimit(in: room, hub)
            {
                return "\(room.name): \(fault)"
            }
            ringBytes += room.sequence.ring.bytes
        }
        guard ringBytes == hub.ringBytes.bytes else {
            return "I8: the rings have \(ringBytes), not \(hub.ringBytes.bytes)"
        }
        let limit = max(hub.limits.allRingsBytes, 0)
        return ringBytes <= limit ? nil : "I8: the rings have \(ringBytes) of \(limit) bytes"
    }

    private mutating func brokenOrder(in room: Room) -> String? {
        let sequence = room.sequence
        guard sequence.state != nil else { return nil }
        let now = Seen(room: ObjectIdentifier(room), epoch: sequence.epoch, offset: sequence.seen)
        if let before = last[room.key], before.room == now.room, before.epoch == now.epoch,
            now.offset < before.offset
        {
            return "I4: seen fell from \(before.offset) to \(now.offset)"
        }
        last[room.key] = now
        let isPending = room.gapDue != nil || room.gapRead != nil || room.isReadingState
        if sequence.isBehind, !isPending {
            return "I6: \(sequence.target) is known, at \(sequence.seen) nothing is under way"
        }
        return nil
    }

    /// The ends at every step, the bodies now and then.
    private func brokenRing(in room: Room, _ ledger: Ledger) -> String? {
        let ring = room.sequence.ring
        guard let first = ring.firstOffset, let end = ring.publications.last?.offset else { return nil }
        guard end == room.sequence.seen, end - first + 1 == ring.publications.count else {
            return
                "I5: the ring is \(first) to \(end) with \(ring.publications.count), at \(room.sequence.seen)"
        }
        guard steps % 100 == 0, let epoch = room.sequence.epoch else { return nil }
        for publication in (first...end).compactMap({ ring[$0] }) {
            if let fault = ledger.fault(with: publication, epoch: publication.position?.epoch ?? epoch) {
                return "I5: \(publication) in the ring \(fault)"
            }
        }
        return nil
    }

    private func brokenLimit(in room: Room, _ hub: Hub) -> String? {
        let held = room.sequence.held.count
        guard held <= hub.limits.heldPublications else { return "I8: \(held) publications are held" }
        let bytes = room.sequence.ring.bytes
        guard bytes <= hub.limits.ringBytes || room.sequence.ring.publications.count == 1 else {
            return "I8: the ring has \(bytes) of \(hub.limits.ringBytes) bytes"
        }
        return nil
    }
}
