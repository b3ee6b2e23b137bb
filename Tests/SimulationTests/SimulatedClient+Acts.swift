import Chat
import ChatProtocol
import TestKit

/// What a client does of its own accord.
extension SimulatedClient {
    /// Does something now and then, as long as the weather lasts.
    func act() {
        guard world.isStormy else { return }
        world.after(microseconds: world.random.number(in: 50_000...1_000_000)) { [self] in act() }
        guard phase == .connected else { return }
        switch world.random.below(100) {
        case 0..<55: say(times: 1)
        case 55..<60: say(times: world.random.number(in: 2...12))
        case 60..<65: sayByREST()
        case 65..<71: wander()
        case 71..<76: read()
        case 76..<82: askRoster()
        case 82..<88: type()
        case 88..<91: send(.rooms(RoomsRequest(after: nil, limit: 10)), .rooms)
        case 91..<94: send(.ping, .other)
        case 94..<97: leave()
        default: sayInPassing()
        }
    }

    /// Publishes once in each of these rooms.
    func probe(_ rooms: [RoomName]) {
        for room in rooms where isLive(in: room) {
            let draft = makeDraft(in: room)
            drafts.append(draft)
            send(draft)
        }
    }

    /// Publishes in a room, one draft after the other without waiting.
    private func say(times: Int) {
        let room = chosenRoom()
        for _ in 0..<times {
            let draft = makeDraft(in: room)
            drafts.append(draft)
            send(draft)
        }
    }

    /// One room is quiet: what got lost there, no later publication brings up soon.
    private func chosenRoom() -> RoomName {
        let rooms = world.storedRooms
        return world.random.chance(0.05)
            ? rooms[rooms.count - 1] : world.random.element(of: Array(rooms.dropLast()))
    }

    private func makeDraft(in room: RoomName, mark: String = "") -> ClientDraft {
        draftsMade += 1
        let padding = String(repeating: "x", count: world.random.below(100))
        let body = #"{"by":\#(number),"n":\#(draftsMade),"pad":"\#(padding)"}"#
        let clientID = ClientID.named("\(number)-\(draftsMade)\(mark)")
        return ClientDraft(
            number: draftsMade, publish: Publish(room: room, clientID: clientID, body: Array(body.utf8)))
    }

    /// Publishes by REST; when no answer comes, the draft goes the other way.
    private func sayByREST() {
        let draft = makeDraft(in: chosenRoom(), mark: "-rest")
        let caller = Caller(tenant: .default, user: user, name: "\(user)", grants: .everything)
        world.rest.publish(draft.publish, as: caller, through: world.random.element(of: world.hubs)) {
            [self] reply in
            switch reply {
            case .ok(.published(let published)): settled(draft, published)
            case .error(let error) where error.code.mayRetry: break
            default: fail("REST: \(reply)")
            }
        }
        world.after(microseconds: world.random.number(in: 1_000...5_000_000)) { [self] in
            guard !draft.isSettled else { return }
            drafts.append(draft)
            send(draft)
        }
    }

    /// Says something where nothing is stored.
    private func sayInPassing() {
        let body = Array(#"{"by":\#(number)}"#.utf8)
        let draft = ClientDraft(
            number: 0, publish: Publish(room: world.ephemeralRoom, clientID: nil, body: body))
        send(.publish(draft.publish), .publish(draft, isForged: false))
    }

    /// Leaves a room, or joins one again.
    private func wander() {
        let room = world.random.element(of: rooms)
        switch room.phase {
        case .live where rooms.filter(\.isWanted).count > 1:
            room.isWanted = false
            room.phase = .leaving
            send(.leave(room.name), .leave(room))
        case .absent:
            room.isWanted = true
            join(room)
        default: break
        }
    }

    private func read() {
        let name = world.random.element(of: world.storedRooms)
        let offset = Offset(world.random.below(Int(world.archive.ledger.head(of: name)) + 2))
        let anchor = world.random.element(of: [
            HistoryRequest.Anchor.newest, .before(offset + 1), .after(offset),
        ])
        let request = HistoryRequest(room: name, anchor: anchor, limit: world.random.number(in: 1...30))
        send(.history(request), .history(request))
    }

    private func askRoster() {
        let room = world.random.element(of: rooms)
        send(.presence(room.name), .presence(room))
    }

    private func type() {
        guard let room = rooms.first(where: { $0.phase == .live }) else { return }
        send(.typing(Typing(room: room.name, isOn: world.random.chance(0.5))), .other)
    }
}
