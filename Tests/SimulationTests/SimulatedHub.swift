import ChatProtocol
import TestKit
import Time

@testable import Chat

/// One instance: a hub, the carrying out of its effects, and its table of connections. It crashes, losing all
/// of that, and starts again under another origin.
final class SimulatedHub {
    let index: Int
    unowned let process: SimulatedProcess
    /// Counts the starts; what was planned for an earlier one finds it changed.
    private(set) var incarnation = 0
    private unowned let world: Simulator
    /// What it is about; nil while its process is down.
    private(set) var hub: Hub?
    private var archive: ArchiveEndpoint?
    private var broker: MemoryBroker?
    /// The way to other processes, where there is one.
    private(set) var link: SimulatedLink?
    private var connections: [SessionKey: SimulatedConnection] = [:]
    private var freeSlots: [UInt32] = []
    private var generations: [UInt32] = []
    private var wakeAt = Instant.distantFuture
    private var watch = HubWatch()
    /// The drafts whose sender a planted bug has answered already.
    private var asked: [ClientID: (SessionKey, CommandID?)] = [:]

    init(index: Int, process: SimulatedProcess, world: Simulator) {
        self.index = index
        self.process = process
        self.world = world
    }

    var isUp: Bool { hub != nil }

    /// The wall clocks of two hubs are ten minutes apart: no rule compares them.
    private var moment: Moment {
        var moment = world.clock.moment
        moment.wall.milliseconds += Int64(index) * 600_000
        return moment
    }

    // MARK: Life

    /// Starts with nothing but a configuration.
    func start() {
        incarnation += 1
        let origin = OriginID(number: world.random.next())
        let configuration = HubConfiguration(
            origin: origin, limits: world.limits, rules: world.rules, hasBroker: world.hasBroker)
        hub = Hub(configuration, at: moment)
        archive = ArchiveEndpoint(world: world)
        let start = incarnation
        broker = MemoryBroker(
            origin: origin, peers: world.broker.carriers(from: self),
            later: { [unowned self] action in later(action) },
            heard: { [unowned self] news in
                if incarnation == start { feed(.news(news)) }
            })
        world.note(10, index, "hub \(index) starts as \(origin.number)")
        arm()
        guard world.hasBroker else { return }
        let link = SimulatedLink(of: self, world: world)
        self.link = link
        world.broker.connect(link)
    }

    /// Everything is lost, and every connection breaks.
    func crash() {
        guard isUp else { return }
        world.note(11, index, "hub \(index) crashes")
        hub = nil
        archive?.die()
        archive = nil
        broker = nil
        link = nil
        let broken = connections.values.sorted { $0.id < $1.id }
        connections = [:]
        freeSlots = []
        generations = []
        asked = [:]
        watch = HubWatch()
        wakeAt = .distantFuture
        for connection in broken { connection.cut() }
    }

    // MARK: Connections

    /// Whether that connection is in the table.
    func serves(_ connection: SimulatedConnection) -> Bool {
        guard isUp, let key = connection.key else { return false }
        return connections[key] === connection
    }

    /// A connection gets a place: the first free one, used before or not.
    func accept(_ connection: SimulatedConnection) {
        let slot: UInt32
        if let free = freeSlots.popLast() {
            slot = free
            generations[Int(slot)] += 1
        } else {
            slot = UInt32(generations.count)
            generations.append(1)
        }
        let key = SessionKey(slot: slot, generation: generations[Int(slot)])
        connection.key = key
        connections[key] = connection
        feed(
            .opened(
                key, SessionSeed(name: "s\(connection.id)", guest: UserID.named("guest-\(connection.id)"))))
    }

    /// The gateway notices that a connection is gone.
    func lost(_ connection: SimulatedConnection) {
        guard serves(connection), let key = connection.key else { return }
        connections[key] = nil
        feed(.closed(key))
        freeSlots.append(key.slot)
    }

    // MARK: Facts

    /// What a neighbour or the broker brought.
    func receive(_ news: News) {
        if world.mutation == .deliversNewsUnchecked, case .publication(let publication) = news.content {
            let push = Push.publication(publication, announcesEpoch: false)
            for connection in connections.values.sorted(by: { $0.id < $1.id })
            where connection.client.isLive(in: publication.room) {
                connection.send(.push(push))
            }
            return
        }
        broker?.receive([news])
    }

    /// Tells the hub a fact, and does what it wants done.
    func feed(_ input: Input) {
        guard let hub else { return }
        if world.mutation == .ignoresTheBroker, case .brokerTurned = input { return }
        var effects: [Effect] = []
        hub.handle(mutated(input), at: moment, effects: &effects)
        world.note(12, index, effects.count, "hub \(index) <- \(input)\n    -> \(effects)")
        finishStep(effects)
    }

    private func finishStep(_ effects: [Effect]) {
        carryOut(effects)
        if let hub, let fault = watch.broken(in: hub, ledger: world.archive.ledger) {
            world.fail("hub \(index): \(fault)")
        }
        arm()
    }

    private func mutated(_ input: Input) -> Input {
        guard case .command(let key, var envelope) = input else { return input }
        if world.mutation == .ignoresPositions, case .connect(var connect) = envelope.command {
            for index in connect.rooms.indices { connect.rooms[index].since = nil }
            envelope.command = .connect(connect)
            return .command(key, envelope)
        }
        if world.mutation == .repliesBeforeArchive, case .publish(let publish) = envelope.command,
            let clientID = publish.clientID
        {
            asked[clientID] = (key, envelope.id)
        }
        return input
    }

    /// Wakes the hub at its deadline.
    private func arm() {
        guard let deadline = hub?.deadline, deadline < wakeAt else { return }
        wakeAt = max(deadline, world.clock.now)
        let (start, due) = (incarnation, wakeAt)
        world.at(wakeAt) { [self] in
            guard let hub, incarnation == start, wakeAt == due else { return }
            wakeAt = .distantFuture
            var effects: [Effect] = []
            hub.advance(to: moment, effects: &effects)
            world.note(13, index, effects.count, "hub \(index) wakes\n    -> \(effects)")
            finishStep(effects)
        }
    }

    // MARK: Effects

    private func carryOut(_ effects: [Effect]) {
        for effect in effects { carryOut(effect) }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .reply(let key, let id, let reply): connections[key]?.send(.reply(id, reply))
        case .push(let key, let push): self.push(push, to: key)
        case .fanout(let push, let keys): for key in keys { self.push(push, to: key) }
        case .pingFrame(let key): connections[key]?.send(.pingFrame)
        case .disconnect(let key, let reason): end(key, reason)
        case .respond(let id, let reply): world.rest.respond(id, reply)
        case .broadcast(let news): broker?.publish([news])
        case .subscribe(let room): subscribe(room)
        case .renew(let room):
            if world.mutation != .renewsNothing { link?.renew(room) }
        case .unsubscribe(let room):
            link?.unsubscribe(room)
            broker?.unsubscribe(room)
        default: askArchive(effect)
        }
    }

    private func askArchive(_ effect: Effect) {
        switch effect {
        case .append(let draft):
            if world.mutation == .repliesBeforeArchive { replyEarly(to: draft) }
            archive?.append([draft]) { [self] in feed(.settled($0)) }
        case .openRoom(let room, let tail, let tailBytes):
            archive?.open(room, tail: tail, tailBytes: tailBytes) { [self] in feed(.roomOpened(room, $0)) }
        case .read(let id, let room, let range, let limit, let bytes):
            archive?.read(room, range, limit: limit, bytes: bytes) { [self] in feed(.pageRead(id, $0)) }
        case .listRooms(let id, let user, let after, let limit):
            archive?.rooms(of: user, after: after, limit: limit) { [self] in feed(.roomsListed(id, $0)) }
        case .readHeads(let rooms):
            archive?.heads(of: rooms) { [self] in feed(.headsRead($0)) }
        case .beginGeneration(let doubted):
            // Whoever puts a backup back here begins one himself.
            world.fail("G6: hub \(index) doubts generation \(doubted.number), which held what it held")
        case .remember(let user, let room, let joined): archive?.remember(user, in: room, joined: joined)
        default: break
        }
    }

    private func push(_ push: Push, to key: SessionKey) {
        guard let connection = connections[key] else { return }
        if case .presence(let change) = push, let fault = Invariants.thaw(of: change, at: self, in: world) {
            world.fail("hub \(index): \(fault)")
        }
        if case .skip = push, world.mutation == .hidesSkips { return }
        if case .publication = push {
            if world.mutation == .dropsPushes, world.random.chance(0.02) { return }
            if world.mutation == .doublesPushes, world.random.chance(0.02) { connection.send(.push(push)) }
        }
        connection.send(.push(push))
    }

    private func end(_ key: SessionKey, _ reason: Disconnect) {
        guard let connection = connections[key] else { return }
        connection.send(.end(reason))
        world.after(microseconds: 20_000) { [self] in lost(connection) }
    }

    /// Neighbours are heard from now on, and confirmed where there is nobody else.
    private func subscribe(_ room: RoomKey) {
        let start = incarnation
        broker?.subscribe(room) { [unowned self] in
            if incarnation == start, link == nil { feed(.subscribed(room)) }
        }
        link?.subscribe(room)
    }

    private func later(_ action: @escaping () -> Void) {
        let start = incarnation
        world.after(microseconds: world.random.number(in: 50...3_000)) { [self] in
            if incarnation == start { action() }
        }
    }

    /// The planted bug: an answer that nobody waited for.
    private func replyEarly(to draft: Draft) {
        guard let (key, id) = asked.removeValue(forKey: draft.clientID) else { return }
        for settlement in world.archive.guess([draft]) {
            guard case .stored(let position, let time) = settlement.outcome else { continue }
            connections[key]?.send(.reply(id, .ok(.published(Published(position: position, time: time)))))
        }
    }
}
