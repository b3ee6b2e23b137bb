import Chat
import ChatProtocol
import TestKit
import Time

/// A world of three processes with four hubs, an archive, a network and some clients, in one thread and
/// virtual time. All chance comes from one seed: the same seed gives the same run, to the step.
///
/// For a while the weather of the seed's profile rules. Then everything is repaired, time passes, and the
/// world must have come to rest.
final class Simulator {
    let seed: UInt64
    let profile: Profile
    let mutation: Mutation?
    let limits: Limits
    let rules = RoomRules(["ephemeral:": .ephemeral])
    let storedRooms = ["alpha", "beta", "gamma"].map { RoomName.named($0) }
    let ephemeralRoom = RoomName.named("ephemeral:cursor")
    var random: SeededRandom
    private(set) var clock = VirtualClock()
    var faults: Faults
    /// Whether faults and new drafts still come.
    private(set) var isStormy = true
    var statistics = Statistics()
    private(set) var violation: String?
    private var queue = EventQueue()
    private var trace: Trace
    private var connectionsMade = 0

    private(set) var processes: [SimulatedProcess] = []
    private(set) var hubs: [SimulatedHub] = []
    private(set) var clients: [SimulatedClient] = []
    private var madeArchive: SimulatedArchive?
    private var madeBroker: SimulatedBroker?
    private var madeRest: RestDesk?

    /// The hubs of each process.
    static let hubs = [0..<2, 2..<3, 3..<4]
    static let clientCount = 7
    static let storm = Duration.seconds(20)
    static let calm = Duration.seconds(30)

    /// What happened, counted: a run in which nothing happens proves nothing.
    struct Statistics {
        var acknowledged = 0
        var repeats = 0
        var pushes = 0
        var joins = 0
        var gaps = 0
        var pages = 0
        var skips = 0
        var resets = 0
        var refusals = 0
        var disconnects = 0
        var crashes = 0
        var brokerTurns = 0
        var renewals = 0
        var heldCommits = 0
    }

    /// How a run ended.
    struct Outcome {
        let violation: String?
        let hash: UInt64
        let steps: Int
        let lines: [String]
        let statistics: Statistics
    }

    init(seed: UInt64, profile: Profile? = nil, mutation: Mutation? = nil, traceLines: Int = 0) {
        self.seed = seed
        self.profile = profile ?? Profile(seed: seed)
        self.mutation = mutation
        random = SeededRandom(seed: seed)
        faults = self.profile.faults
        limits = Self.limits(&random, isNarrow: self.profile != .calm)
        trace = Trace(lineLimit: traceLines)
        madeArchive = SimulatedArchive(world: self)
        madeBroker = SimulatedBroker(world: self)
        madeRest = RestDesk(world: self)
        processes = Self.hubs.enumerated().map { SimulatedProcess(index: $0, hubs: $1, world: self) }
        hubs = processes.flatMap(\.hubs)
        clients = (0..<Self.clientCount).map { makeClient($0) }
    }

    var archive: SimulatedArchive { madeArchive! }
    var broker: SimulatedBroker { madeBroker! }
    var rest: RestDesk { madeRest! }
    var hasBroker: Bool { profile.hasBroker }

    /// Narrow limits reach every corner; some seeds, and the calm, have wide ones.
    private static func limits(_ random: inout SeededRandom, isNarrow: Bool) -> Limits {
        var limits = Limits()
        limits.rosterInterval = .seconds(1)
        limits.rosterGrace = .seconds(2)
        limits.draftTimeout = .seconds(3)
        limits.slowTimeout = .seconds(8)
        limits.pingInterval = .seconds(6)
        limits.pongTimeout = .seconds(4)
        limits.roomLinger = .seconds(random.number(in: 1...5))
        guard random.chance(0.7), isNarrow else { return limits }
        limits.announced.pagePublications = random.number(in: 2...20)
        limits.announced.pageBytes = random.number(in: 200...4_000)
        limits.ringBytes = random.number(in: 0...3_000)
        limits.allRingsBytes = random.number(in: 0...6_000)
        limits.openTail = random.number(in: 0...20)
        limits.heldPublications = random.number(in: 1...10)
        limits.announced.outstanding = random.number(in: 8...40)
        limits.announced.outstandingReads = random.number(in: 4...16)
        return limits
    }

    /// Two clients may be one user.
    private func makeClient(_ number: Int) -> SimulatedClient {
        let rooms = (storedRooms + [ephemeralRoom]).map { name in
            ClientRoom(
                name: name, kind: rules.kind(of: name),
                isWanted: name == storedRooms[0] || random.chance(0.6),
                events: random.chance(0.8) ? .all : [], world: self)
        }
        return SimulatedClient(
            number: number, user: .named("user-\(random.below(Self.clientCount - 1))"), rooms: rooms,
            world: self)
    }

    func makeConnection(of client: SimulatedClient, to hub: SimulatedHub) -> SimulatedConnection {
        connectionsMade += 1
        return SimulatedConnection(id: connectionsMade, client: client, hub: hub, world: self)
    }

    // MARK: Time

    func at(_ time: Instant, _ action: @escaping () -> Void) { queue.plan(at: max(time, clock.now), action) }

    func after(microseconds: Int, _ action: @escaping () -> Void) {
        queue.plan(at: clock.now + .microseconds(microseconds), action)
    }

    /// Puts what happened into the trace.
    func note(_ kind: Int, _ fact: Int, _ other: Int, _ text: @autoclosure () -> String) {
        trace.note(kind, fact, other, at: clock.now, text())
    }

    /// The same with one fact less.
    func note(_ kind: Int, _ fact: Int, _ text: @autoclosure () -> String) {
        trace.note(kind, fact, at: clock.now, text())
    }

    /// Ends the run: a promise was broken.
    func fail(_ fault: String) {
        if violation == nil { violation = fault }
    }

    // MARK: The run

    func run() -> Outcome {
        for process in processes { process.start() }
        for client in clients {
            after(microseconds: random.number(in: 0...500_000)) { client.connect() }
            after(microseconds: random.number(in: 0...1_000_000)) { client.act() }
        }
        let weather = Weather(world: self)
        weather.begin()
        let freshness = Freshness(world: self)
        freshness.begin()
        run(for: Self.storm)
        isStormy = false
        weather.end()
        let end = clock.now + Self.calm
        runUntilSwept()
        run(for: end - clock.now)
        probe()
        for client in clients { client.askRosters() }
        run(for: .seconds(2))
        if violation == nil, let fault = Invariants.broken(in: self) { fail(fault) }
        withExtendedLifetime(freshness) {}
        return Outcome(
            violation: violation, hash: trace.hash, steps: trace.steps, lines: trace.lines,
            statistics: statistics)
    }

    /// Until two sweeps have passed since the last change, and what had failed was asked for again.
    private func runUntilSwept() {
        let settles = SimulatedSweep.longestInterval * 2 + .seconds(3)
        let stormEnd = clock.now
        var end = stormEnd + settles
        while violation == nil, clock.now < end, clock.now < stormEnd + .seconds(20) {
            run(for: end - clock.now)
            end = max(end, archive.lastCommit + settles)
        }
        if violation == nil, let fault = Invariants.behind(in: self) { fail(fault) }
    }

    /// One of each process in each room says something, one process after the other: a room that no longer
    /// hears the others is noticed, by the sweep and by nothing else.
    private func probe() {
        for process in processes {
            for room in storedRooms {
                clients.first { $0.isLive(in: room) && $0.connection?.hub.process === process }?
                    .probe([room])
            }
            run(for: .milliseconds(1_600))
        }
        run(for: .seconds(4))
        if violation == nil, let fault = Invariants.behind(in: self) { fail(fault) }
    }

    private func run(for time: Duration) {
        let end = clock.now + time
        while violation == nil, let next = queue.nextTime, next <= end, let event = queue.next() {
            clock.advance(to: event.time)
            trace.step(at: event.time, number: event.number)
            event.action()
        }
        if violation == nil { clock.advance(to: end) }
    }
}
