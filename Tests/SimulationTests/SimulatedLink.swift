import Chat
import TestKit
import Time

/// One hub's connection to the broker between processes: what it listens to there, and whether it hears
/// anything at all. Its canary finds out a while after it does not; a reconnect subscribes everything again.
final class SimulatedLink {
    private unowned let world: Simulator
    private unowned let hub: SimulatedHub
    private let start: Int
    private var wanted: Set<RoomKey> = []
    /// What the broker knows of.
    private var listening: Set<RoomKey> = []
    private var unconfirmed: Set<RoomKey> = []
    private var deafUntil = Instant(nanoseconds: 0)
    /// Since when it has been deaf, or was last.
    private(set) var deafSince = Instant(nanoseconds: 0)
    /// The hub was told.
    private(set) var isKnownBad = false

    init(of hub: SimulatedHub, world: Simulator) {
        self.hub = hub
        self.world = world
        start = hub.incarnation
    }

    private var isAlive: Bool { hub.isUp && hub.incarnation == start }
    private var isDeaf: Bool { world.clock.now < deafUntil }

    /// Whether news of that room arrive here now.
    func hears(_ room: RoomKey) -> Bool { !isDeaf && listening.contains(room) }

    // MARK: Subscriptions

    /// Asks for a room's news; the hub is told when they come for sure.
    func subscribe(_ room: RoomKey) {
        wanted.insert(room)
        unconfirmed.insert(room)
        ask(for: room)
    }

    /// Asks again.
    func renew(_ room: RoomKey) {
        world.statistics.renewals += 1
        ask(for: room)
    }

    func unsubscribe(_ room: RoomKey) {
        wanted.remove(room)
        unconfirmed.remove(room)
        listening.remove(room)
    }

    /// The broker forgets one room of this hub, and says nothing.
    func lose(_ room: RoomKey) {
        guard listening.remove(room) != nil else { return }
        world.note(31, hub.index, "hub \(hub.index) no longer hears of \(room.name)")
    }

    private func ask(for room: RoomKey) {
        let longest = world.faults.newsLoss > 0 ? 400_000 : 3_000
        world.after(microseconds: world.random.number(in: 50...longest)) { [self] in
            if isAlive, !isDeaf { take(room) }
        }
    }

    private func take(_ room: RoomKey) {
        guard wanted.contains(room) else { return }
        listening.insert(room)
        if unconfirmed.remove(room) != nil { hub.feed(.subscribed(room)) }
    }

    // MARK: Silence

    /// It hears nothing until then, and finds out within `notice` microseconds.
    func deafen(until: Instant, notice: ClosedRange<Int>) {
        if !isDeaf { deafSince = world.clock.now }
        deafUntil = max(deafUntil, until)
        world.note(62, hub.index, "hub \(hub.index) is deaf")
        world.after(microseconds: world.random.number(in: notice)) { [self] in
            if isAlive, isDeaf, !isKnownBad { turn(isWell: false) }
        }
        world.at(deafUntil) { [self] in recover() }
    }

    /// Faults are over.
    func heal() {
        deafUntil = min(deafUntil, world.clock.now)
        recover()
    }

    /// Deafness that nobody noticed was slowness: what was asked arrives now.
    private func recover() {
        guard isAlive, !isDeaf else { return }
        guard isKnownBad else {
            for room in unconfirmed.sorted(by: { $0.name < $1.name }) { take(room) }
            return
        }
        world.after(microseconds: world.random.number(in: 20_000...400_000)) { [self] in
            guard isAlive, !isDeaf, isKnownBad else { return }
            for room in wanted.sorted(by: { $0.name < $1.name }) { take(room) }
            turn(isWell: true)
        }
    }

    private func turn(isWell: Bool) {
        isKnownBad = !isWell
        world.statistics.brokerTurns += 1
        world.broker.turnedAt = max(world.broker.turnedAt, world.clock.now)
        hub.feed(.brokerTurned(isWell: isWell))
        hub.process.turned()
    }
}
