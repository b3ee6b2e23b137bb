import Chat
import ChatProtocol
import TestKit
import Time

/// What a connection carries to the client.
enum Downlink {
    case reply(CommandID?, Reply)
    case push(Push)
    case pingFrame
    case end(Disconnect)
}

/// One connection between a client and a hub: in order both ways, and lossless until it breaks. Then both
/// sides learn of it at different times, and what is under way is lost.
final class SimulatedConnection {
    let id: Int
    unowned let client: SimulatedClient
    unowned let hub: SimulatedHub
    /// Its place in the hub's table, once it is accepted.
    var key: SessionKey?
    private unowned let world: Simulator
    private(set) var isCut = false
    private var lastSent = Instant(nanoseconds: 0)
    private var outbox: [Downlink] = []
    private var isPumping = false
    private var isCongested = false
    private var hubKnowsOfCongestion = false
    /// Whether ephemeral pushes may have been lost to the client's slowness.
    private(set) var wasCongested = false
    private static let queueLimit = 12

    init(id: Int, client: SimulatedClient, hub: SimulatedHub, world: Simulator) {
        self.id = id
        self.client = client
        self.hub = hub
        self.world = world
    }

    /// Reaches for the hub; it may be down.
    func open() {
        let start = hub.incarnation
        lastSent = world.clock.now + .microseconds(world.random.number(in: 200...3_000))
        world.at(lastSent) { [self] in
            guard !isCut else { return }
            if hub.isUp && hub.incarnation == start {
                hub.accept(self)
            } else {
                cut(clientLearnsWithin: 100_000)
            }
        }
    }

    /// From the client to the hub.
    func send(_ envelope: Envelope) {
        sendUp { .command($0, envelope) }
    }

    /// The answer to an RFC 6455 ping.
    func sendPongFrame() {
        sendUp { .heard($0) }
    }

    private func sendUp(_ input: @escaping (SessionKey) -> Input) {
        lastSent = max(lastSent, world.clock.now + .microseconds(world.random.number(in: 50...2_000)))
        world.at(lastSent) { [self] in
            guard !isCut, let key, hub.serves(self) else { return }
            hub.feed(input(key))
        }
    }

    /// From the hub to the client.
    func send(_ item: Downlink) {
        if case .push(.publication(let publication, _)) = item, hubKnowsOfCongestion {
            world.fail(
                "I8: \(client) is congested and gets \(publication)"
            )
        }
        guard !isCut else { return }
        outbox.append(item)
        if outbox.count > Self.queueLimit, !isCongested {
            isCongested = true
            tellHub { .congested($0) }
        }
        pump()
    }

    /// The gateway finds out at the end of its turn.
    private func tellHub(_ input: @escaping (SessionKey) -> Input) {
        let congested = isCongested
        world.after(microseconds: 1) { [self] in
            guard let key, hub.serves(self), congested == isCongested else { return }
            hubKnowsOfCongestion = congested
            wasCongested = true
            world.note(40, id, "connection \(id) is \(congested ? "congested" : "drained")")
            if world.mutation != .ignoresCongestion { hub.feed(input(key)) }
        }
    }

    private func pump() {
        guard !isPumping, !outbox.isEmpty else { return }
        isPumping = true
        let time = client.isSlow ? 50_000...1_500_000 : 20...400
        world.after(microseconds: world.random.number(in: time)) { [self] in
            guard !isCut else { return }
            isPumping = false
            let item = outbox.removeFirst()
            if isCongested, outbox.count <= Self.queueLimit / 2 {
                isCongested = false
                tellHub { .drained($0) }
            }
            client.receive(item, on: self)
            pump()
        }
    }

    /// The connection breaks. Each side learns of it at some time within the given one.
    func cut(clientLearnsWithin client: Int = 3_000_000, hubLearnsWithin hub: Int = 5_000_000) {
        guard !isCut else { return }
        isCut = true
        outbox = []
        world.note(41, id, "connection \(id) of \(self.client) breaks")
        world.after(microseconds: world.random.number(in: 0...client)) { [self] in self.client.lost(self) }
        world.after(microseconds: world.random.number(in: 0...hub)) { [self] in self.hub.lost(self) }
    }
}
