import ChatProtocol
import TestKit
import Time

@testable import Chat

/// G7 of ordering.md §1, looked at four times a second: whatever became of news, a hub is never farther
/// behind than two sweeps and a read. Not where the archive itself is away or slow: then only the end is
/// looked at.
final class Freshness {
    private struct Look {
        let at: Instant
        let generation: ArchiveGeneration
        let heads: [RoomName: Offset]
    }

    private unowned let world: Simulator
    private var looks: [Look] = []
    private var archiveAwayAt: Instant?
    private static let interval = 250_000
    /// Two sweeps, the patience and the read.
    private static let allowance = SimulatedSweep.longestInterval * 2 + .milliseconds(600)

    init(world: Simulator) { self.world = world }

    /// From now on.
    func begin() {
        guard world.faults.readsLost == 0, world.faults.archiveStalls == 0 else { return }
        goOn()
    }

    private func goOn() {
        world.after(microseconds: Self.interval) { [self] in
            look()
            goOn()
        }
    }

    private func look() {
        let now = world.clock.now
        if world.archive.isAway { archiveAwayAt = now }
        let ledger = world.archive.ledger
        let heads = Dictionary(uniqueKeysWithValues: world.storedRooms.map { ($0, ledger.head(of: $0)) })
        looks.append(Look(at: now, generation: world.archive.store.generation, heads: heads))
        while looks.count > 1, looks[1].at <= now - Self.allowance { looks.removeFirst() }
        guard let then = looks.first, then.at <= now - Self.allowance else { return }
        // What failed meanwhile is asked for again within 2 s.
        if let away = archiveAwayAt, now - away < Self.allowance + .seconds(3) { return }
        for hub in world.hubs {
            if let fault = staleRoom(of: hub, since: then) {
                return world.fail("G7: hub \(hub.index): \(fault)")
            }
        }
    }

    private func staleRoom(of hub: SimulatedHub, since then: Look) -> String? {
        for room in hub.hub?.roomList ?? [] where room.kind == .stored && !room.sequence.isPaused {
            guard let epoch = room.sequence.epoch, let head = then.heads[room.name] else { continue }
            if epoch.generation.number < then.generation.number { return "\(room.name) is still in \(epoch)" }
            guard epoch.generation == then.generation, room.sequence.seen < head else { continue }
            return "\(room.name) is at \(room.sequence.seen), and was at \(head) long ago"
        }
        return nil
    }
}
