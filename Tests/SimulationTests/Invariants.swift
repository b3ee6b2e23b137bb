import ChatProtocol
import Time

@testable import Chat

/// What must hold when the faults are over and everything has settled. What must hold at every step is
/// checked where it happens: I1 and I7 at each acknowledgement, I2 and I7 at each commit, I3 at each push, I8
/// at each push to a congested session.
enum Invariants {
    /// The first that does not hold; nil when all do.
    static func broken(in world: Simulator) -> String? {
        if let fault = world.archive.ledger.audit(world.archive.store) { return fault }
        for client in world.clients {
            if let fault = unrest(of: client, in: world) { return "\(client): \(fault)" }
        }
        return deafRoom(in: world) ?? wrongRoster(in: world) ?? wrongOrder(in: world)
    }

    /// I9: faults are over and two sweeps have passed, so every hub is where the archive is.
    static func behind(in world: Simulator) -> String? {
        for hub in world.hubs {
            for room in hub.hub?.roomList ?? [] where room.kind == .stored {
                guard let epoch = room.sequence.epoch else { continue }
                let head = world.archive.ledger.head(of: room.name)
                guard room.sequence.seen == head, epoch.generation == world.archive.store.generation else {
                    return "I9: hub \(hub.index): \(room.name) is at \(room.sequence.seen) of \(epoch), "
                        + "the head is \(head)"
                }
            }
        }
        return nil
    }

    /// Everybody said something in each room one after the other, so no subscription is missing unnoticed.
    private static func deafRoom(in world: Simulator) -> String? {
        for hub in world.hubs {
            guard let link = hub.link else { continue }
            for room in hub.hub?.roomList ?? [] where room.kind == .stored {
                let isTalkedIn = world.clients.contains { client in
                    client.isLive(in: room.name) && client.connection?.hub.process !== hub.process
                }
                if isTalkedIn, !link.hears(room.key) {
                    return "G7: hub \(hub.index) is deaf in \(room.name), and nobody renewed it"
                }
            }
        }
        return nil
    }

    /// While a hub knows that its broker is bad, nobody leaves who is elsewhere: a roster freezes. Checked in
    /// the weather in which every arrival was told, once the last outage is past.
    static func thaw(of change: RosterChange, at hub: SimulatedHub, in world: Simulator) -> String? {
        guard world.profile == .brokerOutages, let link = hub.link, link.isKnownBad,
            world.broker.wasSteady
        else { return nil }
        let before = link.deafSince - .seconds(3)
        // Of a user with two clients one may have left here, where the other was never heard of.
        for user in change.leave where world.clients.count(where: { $0.user == user }) == 1 {
            let stays = world.clients.contains { client in
                client.user == user && client.isLive(in: change.room)
                    && client.connection?.isCut == false
                    && client.connection?.hub.process !== hub.process
                    && client.room(change.room).map { $0.liveSince < before } ?? false
            }
            if stays { return "\(user) is dropped from \(change.room) while nothing is heard" }
        }
        return nil
    }

    /// I9: every draft is acknowledged, every room seen up to its head.
    private static func unrest(of client: SimulatedClient, in world: Simulator) -> String? {
        guard client.phase == .connected else { return "is \(client.phase), not connected again" }
        if let draft = client.drafts.first { return "\(draft.publish) was never acknowledged" }
        if !client.asked.isEmpty { return "waits for \(client.asked.sorted { $0.key < $1.key })" }
        for room in client.rooms where room.isWanted {
            guard room.phase == .live else { return "\(room.name): is \(room.phase)" }
            let head = world.archive.ledger.head(of: room.name)
            if room.kind == .stored, room.position?.offset != head {
                return "I9: \(room.name): is at \(room.position?.offset ?? 0), the head is \(head)"
            }
        }
        return nil
    }

    /// Presence converges: every roster that was asked for, and every one that was kept up to date by pushes.
    private static func wrongRoster(in world: Simulator) -> String? {
        for name in world.storedRooms + [world.ephemeralRoom] {
            for client in world.clients where client.isLive(in: name) {
                // Without a broker a process knows of its own only.
                let present = Set(
                    world.clients.filter { other in
                        let isNear = other.connection?.hub.process === client.connection?.hub.process
                        return other.isLive(in: name) && (world.hasBroker || isNear)
                    }.map(\.user))
                guard let roster = client.room(name)?.roster, roster != present else { continue }
                return "\(client): the roster of \(name) is \(roster.sorted()), should be \(present.sorted())"
            }
        }
        return nil
    }

    /// G2: without faults, a client's drafts stand in the order in which it made them.
    private static func wrongOrder(in world: Simulator) -> String? {
        guard world.profile == .calm else { return nil }
        for name in world.storedRooms {
            var last: [Substring: Int] = [:]
            for row in world.archive.ledger.rows(of: name) {
                guard let parts = row.publication.clientID?.description.split(separator: "-"),
                    parts.count == 2,
                    let number = Int(parts[1])
                else { continue }
                if let before = last[parts[0]], before > number {
                    return "G2: \(name): \(number) after \(before)"
                }
                last[parts[0]] = number
            }
        }
        return nil
    }
}
