import Chat
import ChatProtocol
import Time

/// A room of a hundred: publish, settle, fan out.
enum HubBench {
    /// One publication from command to fan-out, with an archive that answers at once.
    static let hub = Bench(name: "hub", operations: 200) { operations in
        var world = HubWorld(members: 100)
        for number in 0..<operations { world.publish(number) }
        return world.delivered
    }
}

/// A hub and the least that must answer it.
private struct HubWorld {
    private let hub: Hub
    private let publisher = SessionKey(slot: 0, generation: 1)
    private var head: Offset = 0
    private var effects: [Effect] = []
    /// To how many sessions publications went.
    private(set) var delivered = 0

    init(members: Int) {
        hub = Hub(HubConfiguration(origin: OriginID(number: 1)), at: Samples.moment)
        for number in 0..<members {
            let key = SessionKey(slot: UInt32(number), generation: 1)
            let user = Samples.user(number)
            tell(.opened(key, SessionSeed(name: "s\(number)", guest: user)))
            let rooms = [Join(room: Samples.room)]
            tell(.command(key, Envelope(id: 1, command: .connect(Connect(user: user, rooms: rooms)))))
        }
        // What the members were told about each other is not what is measured.
        hub.advance(to: Samples.moment, effects: &effects)
        delivered = 0
    }

    mutating func publish(_ number: Int) {
        let publish = Publish(room: Samples.room, clientID: Samples.client, body: Samples.body)
        tell(.command(publisher, Envelope(id: Int64(number), command: .publish(publish))))
    }

    /// Tells the hub a fact, and carries out what it wants until it wants nothing more.
    private mutating func tell(_ input: Input) {
        hub.handle(input, at: Samples.moment, effects: &effects)
        while !effects.isEmpty {
            let wanted = effects
            effects.removeAll(keepingCapacity: true)
            for effect in wanted { carryOut(effect) }
        }
    }

    private mutating func carryOut(_ effect: Effect) {
        switch effect {
        case .append(let draft):
            head += 1
            let position = StreamPosition(epoch: Samples.epoch, offset: head)
            answer(
                .settled([
                    Settlement(token: draft.token, outcome: .stored(position, time: Samples.moment.wall))
                ]))
        case .openRoom(let room, _, _):
            let generation = ArchiveGeneration(number: 3)
            let state = RoomState(
                generation: generation, id: 1, forks: [Fork(generation: generation, first: 1)],
                first: head + 1,
                head: head)
            answer(.roomOpened(room, .success(ArchivePage(state: state, publications: []))))
        case .subscribe(let room):
            answer(.subscribed(room))
        case .fanout(.publication, let sessions):
            delivered += sessions.count
        case .push(_, .publication):
            delivered += 1
        default: break
        }
    }

    private mutating func answer(_ input: Input) {
        hub.handle(input, at: Samples.moment, effects: &effects)
    }
}
