import ChatProtocol
import Testing

@testable import Chat

@Suite("connect: who one is, and the rooms one comes back to")
struct ConnectTests {
    private let harness = HubHarness()

    @Test("the reply tells session, user, limits and heartbeat")
    func reply() {
        let key = harness.open()
        let connected = harness.send(key, .connect(Connect(user: "ann", name: "Ann"))).connected(key)
        #expect(connected?.session == "s0" && connected?.user == "ann" && connected?.name == "Ann")
        #expect(connected?.pingMs == 25_000 && connected?.pongMs == 20_000)
        #expect(connected?.limits == harness.limits.announced && connected?.rooms == [])
    }

    @Test("who says no user is the guest the seed names")
    func guest() {
        let key = harness.open()
        #expect(harness.send(key, .connect(Connect())).connected(key)?.user == "guest-0")
    }

    @Test("any command before it is notConnected, and the session may still connect")
    func before() {
        let key = harness.open()
        let commands: [Command] = [
            .join(Join(room: "lobby")), .leave("lobby"), .presence("lobby"), .typing(Typing(room: "lobby")),
            .history(HistoryRequest(room: "lobby")), .rooms(RoomsRequest()), .ping,
            .publish(Publish(room: "lobby", clientID: "x", body: [])),
        ]
        for command in commands { #expect(harness.send(key, command).errors(to: key) == [.notConnected]) }
        #expect(harness.send(key, .connect(Connect())).connected(key) != nil)
    }

    @Test("a second one is alreadyConnected, also while the first waits for its rooms")
    func twice() {
        let key = harness.open()
        harness.isAnswering = false
        harness.send(key, .connect(Connect(rooms: [Join(room: "lobby")])))
        #expect(harness.send(key, .connect(Connect())).errors(to: key) == [.alreadyConnected])
        #expect(harness.answer().connected(key)?.rooms.count == 1)
    }

    @Test("without an id, with a token, or with too many rooms it is refused, and may be tried again")
    func refused() {
        let harness = HubHarness { $0.announced.roomsPerSession = 2 }
        let key = harness.open()
        #expect(harness.send(key, .connect(Connect()), id: nil).errors(to: key) == [.badRequest])
        #expect(harness.send(key, .connect(Connect(token: "x"))).errors(to: key) == [.unauthorized])
        let rooms = [Join(room: "a"), Join(room: "b"), Join(room: "c")]
        #expect(harness.send(key, .connect(Connect(rooms: rooms))).errors(to: key) == [.tooManyRooms])
        #expect(harness.hub.counted.rooms == 0)
        #expect(
            harness.send(key, .connect(Connect(rooms: Array(rooms[..<2])))).connected(key)?.rooms.count == 2)
    }

    @Test("every room has its outcome, in the order asked; a refused one does not touch the others")
    func outcomes() {
        harness.store(4, in: "lobby")
        let key = harness.open()
        let rooms = [
            Join(room: "lobby", since: StreamPosition(epoch: "1-1", offset: 2)), Join(room: "$user:ann"),
            Join(room: "live:1"), Join(room: "attic"),
        ]
        let outcomes =
            harness.send(key, .connect(Connect(user: "ann", rooms: rooms))).connected(key)?.rooms ?? []
        guard outcomes.count == 4, case .joined(let lobby) = outcomes[0],
            case .refused(let name, let error) = outcomes[1],
            case .joined(let live) = outcomes[2], case .joined(let attic) = outcomes[3]
        else { return #expect(Bool(false), "four outcomes in order") }
        #expect(lobby.offsets == [3, 4] && lobby.recovered)
        #expect(name == "$user:ann" && error.code == .forbidden)
        #expect(live.kind == .ephemeral && live.epoch == nil && live.recovered)
        #expect(attic.head == 0)
        #expect(harness.publish(key, "lobby").offsets(to: key) == [5])
    }

    @Test(
        "all rooms are waited for together; what comes meanwhile is neither lost nor doubled"
    )
    func waits() {
        let bob = harness.connect("bob", in: "a")
        harness.isAnswering = false
        let key = harness.open()
        let rooms = [Join(room: "a", since: StreamPosition(epoch: "0", offset: 0)), Join(room: "b")]
        #expect(harness.send(key, .connect(Connect(user: "ann", rooms: rooms))).replies(to: key).isEmpty)
        #expect(harness.hear(harness.store(2, in: "a")).pushes(to: key).isEmpty)
        #expect(harness.hear(harness.store(1, in: "b")).pushes(to: key).isEmpty)
        let effects = harness.answer()
        guard case .joined(let a)? = effects.connected(key)?.rooms.first else {
            return #expect(Bool(false), "joined")
        }
        #expect(a.offsets == [1, 2])
        harness.isAnswering = true
        #expect(harness.publish(bob, "a").offsets(to: key) == [3])
        #expect(harness.publish(bob, "b").offsets(to: key) == [2])
    }

    @Test("a room's history that changes while another room is waited for is judged again")
    func judgedAgain() {
        let bob = harness.connect("bob", in: "a")
        for _ in 0..<2 { harness.publish(bob, "a") }
        let backup = harness.archive.snapshot()
        for _ in 0..<3 { harness.publish(bob, "a") }
        harness.isAnswering = false
        let key = harness.open()
        let rooms = [Join(room: "a", since: StreamPosition(epoch: "1-1", offset: 5)), Join(room: "b")]
        harness.send(key, .connect(Connect(user: "ann", rooms: rooms)))
        let asked = harness.waiting
        harness.forget()
        harness.archive.restore(backup)
        harness.archive.newGeneration()
        harness.hear(harness.store(1, in: "a"))
        harness.answer()
        harness.advance(by: .milliseconds(10))
        harness.answer()
        #expect(asked.contains { if case .subscribe = $0 { true } else { false } })
        let effects =
            harness.handle(.subscribed(RoomKey(tenant: .default, name: "b"))) + harness.answer()
        guard case .joined(let a)? = effects.connected(key)?.rooms.first else {
            return #expect(Bool(false), "joined")
        }
        #expect(a.epoch == "2-1" && !a.recovered && a.gap == 3...5 && a.offsets == [3])
    }

    @Test("all pages of one reply together fit half a queue; who got less asks on")
    func budget() {
        let harness = HubHarness { $0.announced.queueBytes = 3_600 }
        let rooms: [RoomName] = ["a", "b", "c", "d"]
        for room in rooms { harness.store(5, in: room, body: String(repeating: "1", count: 150)) }
        let key = harness.open()
        let since = StreamPosition(epoch: "0", offset: 0)
        let effects = harness.send(key, .connect(Connect(rooms: rooms.map { Join(room: $0, since: since) })))
        let joined = (effects.connected(key)?.rooms ?? []).compactMap { outcome in
            if case .joined(let joined) = outcome { joined } else { nil }
        }
        #expect(joined.map(\.more) == [false, true, true, true])
        #expect(joined.map { $0.publications.count } == [5, 1, 0, 0])
        let rest = harness.send(key, .join(Join(room: "d", since: since))).joined(key)
        #expect(rest?.offsets == [1, 2, 3, 4, 5] && rest?.more == false)
    }

    @Test(
        "short bodies in many rooms fill a reply too: what stands around them counts",
        arguments: [true, false])
    func budgetOfShortBodies(hasPosition: Bool) {
        let harness = HubHarness { $0.announced.queueBytes = 2_000 }
        let rooms: [RoomName] = ["a", "b", "c", "d"]
        for room in rooms { harness.store(5, in: room, body: "1") }
        let key = harness.open()
        let since = hasPosition ? StreamPosition(epoch: "0", offset: 0) : nil
        let joins = rooms.map { Join(room: $0, since: since, tail: 5) }
        let effects = harness.send(key, .connect(Connect(rooms: joins)))
        let pages = (effects.connected(key)?.rooms ?? []).map { outcome in
            if case .joined(let joined) = outcome { joined.publications.count } else { -1 }
        }
        #expect(pages == [5, 5, 0, 0])
    }
}
