import Chat
import ChatProtocol
import TestKit
import Time

/// A correct client, as the protocol describes it, and a strict one: it believes nothing that breaks a rule.
/// It keeps drafts and positions across connections and comes back to any hub.
final class SimulatedClient: CustomStringConvertible {
    enum Phase { case away, connecting, connected }

    /// What a command was, until its reply comes.
    enum Asked {
        case connect([Join])
        case join(ClientRoom, Join)
        case leave(ClientRoom)
        case publish(ClientDraft, isForged: Bool)
        case history(HistoryRequest)
        case presence(ClientRoom)
        case rooms
        case other
    }

    let number: Int
    let user: UserID
    let rooms: [ClientRoom]
    unowned let world: Simulator
    private(set) var phase = Phase.away
    private(set) var connection: SimulatedConnection?
    var isSlow = false
    var asked: [CommandID: Asked] = [:]
    private var lastCommand: CommandID = 0
    /// Drafts that wait for their acknowledgement, oldest first.
    var drafts: [ClientDraft] = []
    var draftsMade = 0

    init(number: Int, user: UserID, rooms: [ClientRoom], world: Simulator) {
        self.number = number
        self.user = user
        self.rooms = rooms
        self.world = world
    }

    var description: String { "client \(number)" }

    /// Whether it is in the room and gets what is said there.
    func isLive(in room: RoomName) -> Bool {
        phase == .connected && rooms.contains { $0.name == room && $0.phase == .live }
    }

    func room(_ name: RoomName) -> ClientRoom? { rooms.first { $0.name == name } }

    func fail(_ fault: String) { world.fail("\(self) (\(user)): \(fault)") }

    // MARK: Coming and going

    /// Connects to some hub; tries another one when it is down.
    func connect() {
        guard phase == .away else { return }
        phase = .connecting
        let hub = world.random.element(of: world.hubs)
        let connection = world.makeConnection(of: self, to: hub)
        self.connection = connection
        connection.open()
        let joins = rooms.filter(\.isWanted).map { $0.join(tail: world.random.number(in: 0...12)) }
        let heartbeat: Connect.Heartbeat = world.random.chance(0.5) ? .message : .frame
        let connect = Connect(
            client: "simulated", user: user, name: "\(user)", rooms: joins, heartbeat: heartbeat)
        send(.connect(connect), .connect(joins))
        // Frames behind `connect` wait their turn.
        if world.random.chance(0.5) { for draft in drafts { send(draft) } }
        world.after(microseconds: 8_000_000) { [self] in
            if self.connection === connection, phase == .connecting { leave() }
        }
    }

    /// Drops the connection, as a closed page does.
    func leave() {
        connection?.cut(clientLearnsWithin: 1, hubLearnsWithin: 5_000)
    }

    /// The connection is gone; another one follows.
    func lost(_ connection: SimulatedConnection) {
        guard self.connection === connection else { return }
        self.connection = nil
        phase = .away
        asked = [:]
        for room in rooms { room.disconnected() }
        world.after(microseconds: world.random.number(in: 20_000...1_000_000)) { [self] in connect() }
    }

    // MARK: Commands

    /// Sends a command and remembers what it was.
    func send(_ command: Command, _ meaning: Asked) {
        guard let connection else { return }
        lastCommand += 1
        asked[lastCommand] = meaning
        connection.send(Envelope(id: lastCommand, command: command))
    }

    /// Sends a draft, and again if no answer comes.
    func send(_ draft: ClientDraft, isForged: Bool = false) {
        guard let connection else { return }
        send(.publish(isForged ? draft.forged : draft.publish), .publish(draft, isForged: isForged))
        guard !isForged else { return }
        world.after(microseconds: world.random.number(in: 4_000_000...7_000_000)) { [self] in
            if self.connection === connection, !draft.isSettled { send(draft) }
        }
    }

    /// Joins a room alone, after the connection's start.
    func join(_ room: ClientRoom) {
        guard phase == .connected, room.isWanted, room.phase == .absent || room.phase == .paging else {
            return
        }
        let join = room.join(tail: world.random.number(in: 0...12))
        send(.join(join), .join(room, join))
    }

    /// Asks who is in each room it is in.
    func askRosters() {
        for room in rooms where room.phase == .live { send(.presence(room.name), .presence(room)) }
    }

    // MARK: What comes

    /// Takes what the connection brought.
    func receive(_ item: Downlink, on connection: SimulatedConnection) {
        guard connection === self.connection else { return }
        world.note(50, number, "\(self) <- \(item)")
        switch item {
        case .reply(let id, let reply): replied(id, reply)
        case .push(let push): pushed(push)
        case .pingFrame: connection.sendPongFrame()
        case .end(let reason):
            if !reason.code.mayReconnect { fail("told never to come back: \(reason)") }
            world.statistics.disconnects += 1
            connection.cut(clientLearnsWithin: 1, hubLearnsWithin: 1)
        }
    }

    private func pushed(_ push: Push) {
        switch push {
        case _ where phase != .connected && !push.isOfTheSession:
            fail("pushed before connect's reply: \(push)")
        case .publication(let publication, let announcesEpoch):
            world.statistics.pushes += 1
            inRoom(publication.room) { $0.pushed(publication, announcesEpoch: announcesEpoch) }
        case .skip(let room, let range): skipped(range, in: room)
        case .reset(let room, let epoch, let after):
            world.statistics.resets += 1
            inRoom(room) { $0.reset(epoch: epoch, after: after) }
        case .presence(let change):
            inRoom(change.room) { $0.changed(change, mayLose: connection?.wasCongested ?? true) }
        case .typing(let room, _, _): inRoom(room) { $0.typed() }
        case .ping: connection?.send(Envelope(id: nil, command: .pong))
        case .expiring: break
        case .goaway(let afterMs):
            let connection = self.connection
            world.after(microseconds: afterMs * 1_000) { [self] in
                if self.connection === connection { leave() }
            }
        }
    }

    private func inRoom(_ name: RoomName, _ check: (ClientRoom) -> String?) {
        guard let room = room(name) else { return fail("is told of \(name), which it never heard of") }
        if let fault = check(room) { fail("\(name): \(fault)") }
    }

    /// It may fetch what it missed, or let it be.
    private func skipped(_ range: ClosedRange<Offset>, in name: RoomName) {
        world.statistics.skips += 1
        inRoom(name) { $0.skip(range) }
        guard world.random.chance(0.5) else { return }
        let request = HistoryRequest(room: name, anchor: .after(range.lowerBound - 1), limit: range.count)
        send(.history(request), .history(request))
    }

    /// The reply to `connect` came.
    func becameConnected() { phase = .connected }
}

extension Push {
    /// Whether it is about the session, not about a room: it may come before `connect` is answered.
    var isOfTheSession: Bool {
        switch self {
        case .ping, .expiring, .goaway: true
        default: false
        }
    }
}
