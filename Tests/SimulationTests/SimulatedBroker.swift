import Chat
import TestKit
import Time

/// The ways that news travel: between the hubs of a process by mailbox, between processes by a broker that
/// loses, delays, doubles and reorders, and now and then is down.
final class SimulatedBroker {
    private unowned let world: Simulator
    private var downUntil = Instant(nanoseconds: 0)
    /// When any hub last turned, or an outage that nobody noticed ended.
    var turnedAt = Instant(nanoseconds: 0)
    /// Before it last went down all rosters had been told to everyone.
    private(set) var wasSteady = false

    init(world: Simulator) { self.world = world }

    /// Nothing that is published reaches anybody.
    var isDown: Bool { world.clock.now < downUntil }

    /// It is down until then; hubs that start meanwhile find it so.
    func goDown(until: Instant) {
        let isWell = world.hubs.allSatisfy { $0.link?.isKnownBad == false }
        wasSteady = isWell && turnedAt < world.clock.now - .seconds(3)
        downUntil = max(downUntil, until)
        turnedAt = max(turnedAt, downUntil)
        // Killed, its connections break at once; frozen, only canaries tell.
        let notice = world.random.chance(0.5) ? 100...50_000 : 300_000...2_500_000
        for hub in world.hubs { hub.link?.deafen(until: downUntil, notice: notice) }
    }

    /// A hub starts: its connection is made, or cannot be.
    func connect(_ link: SimulatedLink) {
        if isDown { link.deafen(until: downUntil, notice: 1_000...100_000) }
    }

    /// Faults are over.
    func heal() {
        downUntil = min(downUntil, world.clock.now)
        for hub in world.hubs { hub.link?.heal() }
    }

    /// The ways from one hub to all others, made anew at each of its starts.
    func carriers(from hub: SimulatedHub) -> [any NewsCarrier] {
        world.hubs.filter { $0 !== hub }.compactMap { other -> (any NewsCarrier)? in
            if other.process === hub.process { return Mailbox(to: other, world: world) }
            return world.hasBroker ? NewsRoad(to: other, world: world) : nil
        }
    }
}

/// The way to another hub of the same process: nothing is lost, and nothing overtakes.
private final class Mailbox: NewsCarrier {
    private unowned let world: Simulator
    private unowned let destination: SimulatedHub
    private var lastArrival = Instant(nanoseconds: 0)

    init(to destination: SimulatedHub, world: Simulator) {
        self.destination = destination
        self.world = world
    }

    func carry(_ news: [News]) {
        lastArrival = max(lastArrival, world.clock.now + .microseconds(world.random.number(in: 5...200)))
        let start = destination.process.incarnation
        world.at(lastArrival) { [destination] in
            guard destination.process.incarnation == start else { return }
            for item in news { destination.receive(item) }
        }
    }
}

/// The way to a hub of another process.
private final class NewsRoad: NewsCarrier {
    private unowned let world: Simulator
    private unowned let destination: SimulatedHub
    private var lastArrival = Instant(nanoseconds: 0)

    init(to destination: SimulatedHub, world: Simulator) {
        self.destination = destination
        self.world = world
    }

    func carry(_ news: [News]) {
        for item in news {
            guard !world.broker.isDown, !world.random.chance(world.faults.newsLoss) else {
                world.note(
                    30, destination.index, "news to hub \(destination.index) lost: \(item.content)")
                continue
            }
            send(item)
            if world.random.chance(world.faults.newsDoubling) { send(item) }
        }
    }

    private func send(_ item: News) {
        var arrival =
            world.clock.now
            + .microseconds(world.random.number(in: 50...world.faults.newsDelay * 1_000))
        if !world.random.chance(world.faults.newsReordering) { arrival = max(arrival, lastArrival) }
        lastArrival = max(arrival, lastArrival)
        world.at(arrival) { [destination] in
            if destination.link?.hears(item.room) == true { destination.receive(item) }
        }
    }
}
