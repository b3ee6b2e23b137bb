import Chat
import Time

/// One process: a hub or two, and one sweep. It crashes as a whole.
final class SimulatedProcess {
    let index: Int
    /// Counts the starts.
    private(set) var incarnation = 0
    private(set) var hubs: [SimulatedHub] = []
    private(set) var isUp = false
    private unowned let world: Simulator
    private var sweep: SimulatedSweep?

    init(index: Int, hubs: Range<Int>, world: Simulator) {
        self.index = index
        self.world = world
        self.hubs = hubs.map { SimulatedHub(index: $0, process: self, world: world) }
    }

    /// Whether news from other processes are known to reach some hub badly, or never do.
    var watchesClosely: Bool { hubs.contains { $0.link?.isKnownBad ?? true } }

    /// Starts with nothing but a configuration.
    func start() {
        incarnation += 1
        isUp = true
        for hub in hubs { hub.start() }
        sweep = SimulatedSweep(of: self, world: world)
        sweep?.begin()
    }

    /// Everything is lost, and every connection breaks.
    func crash() {
        guard isUp else { return }
        isUp = false
        for hub in hubs { hub.crash() }
    }

    /// Told to stop, it says goodbye, and is gone a while later.
    func drain() {
        guard isUp else { return }
        let start = incarnation
        for hub in hubs { hub.feed(.drain(afterMs: 500)) }
        world.after(microseconds: 6_000_000) { [self] in
            if incarnation == start { crash() }
        }
    }

    /// The broker of one of its hubs turned.
    func turned() { sweep?.hurry() }
}
