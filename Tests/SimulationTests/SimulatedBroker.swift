import Chat
import TestKit
import Time

/// The network that news travel between hubs: it loses, delays, doubles and reorders, and now and then it
/// does not reach a hub at all.
final class SimulatedBroker {
    private unowned let world: Simulator
    /// Until when which hub hears nothing.
    var deafUntil: [Instant]

    init(world: Simulator, hubs: Int) {
        self.world = world
        deafUntil = Array(repeating: Instant(nanoseconds: 0), count: hubs)
    }

    /// Whether news reach that hub now.
    func reaches(_ hub: Int) -> Bool { world.clock.now >= deafUntil[hub] }

    /// The ways from one hub to all others, made anew at each of its starts.
    func carriers(from hub: Int) -> [any NewsCarrier] {
        deafUntil.indices.filter { $0 != hub }.map { NewsRoad(to: $0, world: world) }
    }
}

/// The way from one hub to another.
private final class NewsRoad: NewsCarrier {
    private unowned let world: Simulator
    private let destination: Int
    private var lastArrival = Instant(nanoseconds: 0)

    init(to destination: Int, world: Simulator) {
        self.destination = destination
        self.world = world
    }

    func carry(_ news: [News]) {
        for item in news {
            guard !world.random.chance(world.faults.newsLoss) else {
                world.note(30, destination, "news to hub \(destination) lost: \(item.content)")
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
        world.at(arrival) { [world, destination] in
            if world.broker.reaches(destination) { world.hubs[destination].receive(item) }
        }
    }
}
