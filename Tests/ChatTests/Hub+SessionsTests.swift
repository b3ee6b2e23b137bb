import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("A session's life: heartbeat, limits, answers")
struct HubSessionsTests {
    private let harness = HubHarness()

    init() { harness.isAlive = false }

    private func pings(_ effects: [Effect], _ key: SessionKey) -> Int {
        effects.pushes(to: key).count { $0 == .ping }
    }

    private func frames(_ effects: [Effect], _ key: SessionKey) -> Int {
        effects.count { if case .pingFrame(key) = $0 { true } else { false } }
    }

    @Test("without connect a session ends after connectTimeout, come back")
    func connectTimeout() {
        let key = harness.open()
        #expect(harness.advance(by: .milliseconds(9_999)).disconnects(of: key).isEmpty)
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: key) == [.connectTimeout])
        #expect(harness.hub.counted.sessions == 0)
    }

    @Test("who never says connect, an echo, is pinged by frames and ends like all others")
    func expectsNoConnect() {
        let key = SessionKey(slot: 7, generation: 1)
        harness.handle(.opened(key, SessionSeed(name: "s", guest: "g", expectsConnect: false)))
        let effects = harness.advance(by: .milliseconds(25_100))
        #expect(frames(effects, key) == 1 && effects.disconnects(of: key).isEmpty)
        harness.handle(.heard(key))
        #expect(frames(harness.advance(by: .milliseconds(25_100)), key) == 1)
        #expect(harness.advance(by: .milliseconds(20_100)).disconnects(of: key) == [.noPong])
    }

    @Test("who connected in time stays")
    func connectedInTime() {
        let key = harness.connect("ann")
        #expect(harness.advance(by: .seconds(24)).disconnects(of: key).isEmpty)
    }

    @Test("25 s after the last byte a ping, 20 s later the end")
    func noPong() {
        let key = harness.connect("ann")
        harness.advance(by: .seconds(10))
        harness.send(key, .ping)
        #expect(pings(harness.advance(by: .milliseconds(24_900)), key) == 0)
        #expect(pings(harness.advance(by: .milliseconds(200)), key) == 1)
        #expect(harness.advance(by: .milliseconds(19_800)).disconnects(of: key).isEmpty)
        #expect(harness.advance(by: .milliseconds(300)).disconnects(of: key) == [.noPong])
        #expect(harness.hub.counted.disconnects == ["noPong": 1])
    }

    @Test("any command answers the ping, and so does a frame's pong; the next ping comes 25 s after it")
    func answered() {
        let ann = harness.connect("ann")
        let bob = harness.connect("bob", heartbeat: .frame)
        let first = harness.advance(by: .seconds(26))
        #expect(pings(first, ann) == 1 && frames(first, ann) == 0)
        #expect(pings(first, bob) == 0 && frames(first, bob) == 1)
        #expect(harness.send(ann, .pong, id: nil).isEmpty)
        harness.handle(.heard(bob))
        let quiet = harness.advance(by: .milliseconds(24_900))
        #expect(pings(quiet, ann) == 0 && frames(quiet, bob) == 0)
        let second = harness.advance(by: .milliseconds(200))
        #expect(pings(second, ann) == 1 && frames(second, bob) == 1)
        #expect(harness.hub.counted.sessions == 2)
    }

    @Test("what a congested session cannot say is not held against it")
    func congested() {
        let harness = HubHarness { $0.slowTimeout = .seconds(300) }
        harness.isAlive = false
        let key = harness.connect("ann")
        harness.handle(.congested(key))
        let effects = harness.advance(by: .seconds(120))
        #expect(pings(effects, key) == 0 && effects.disconnects(of: key).isEmpty)
        harness.handle(.drained(key))
        #expect(pings(harness.advance(by: .seconds(30)), key) == 1)
    }

    @Test("heartbeats of many sessions fall into slots of 100 ms")
    func slots() {
        for step in 0..<50 {
            _ = harness.connect(UserID(stringLiteral: "u\(step)"))
            harness.advance(by: .milliseconds(1))
        }
        harness.advance(by: .seconds(20))
        var times: Set<Int64> = []
        for _ in 0..<5_300 {
            let effects = harness.advance(by: .milliseconds(1))
            if effects.contains(where: { if case .push(_, .ping) = $0 { true } else { false } }) {
                times.insert(harness.now.instant.nanoseconds)
            }
        }
        #expect((1...2).contains(times.count))
    }

    @Test("a frame that is not the protocol's ends the session for good; one that is no command is answered")
    func faults() {
        let key = harness.connect("ann")
        #expect(
            harness.handle(.malformed(key, 7, ErrorReply(.unknownVerb))).errors(to: key) == [.unknownVerb])
        #expect(harness.handle(.undecodable(key)).disconnects(of: key) == [.badFrame])
    }

    @Test("a pong needs no connect and gets no answer, a ping tells the time")
    func ping() {
        let key = harness.open()
        #expect(harness.send(key, .pong).isEmpty)
        #expect(harness.send(key, .ping).errors(to: key) == [.notConnected])
        let ann = harness.connect("ann")
        #expect(harness.send(ann, .ping).replies(to: ann) == [.ok(.pong(time: harness.now.wall))])
        #expect(harness.send(ann, .ping, id: nil).isEmpty, "without an id only errors are answered")
    }

    @Test("so many commands may be under way, and so many of them reads; each answer makes room")
    func outstanding() {
        let harness = HubHarness {
            $0.announced.outstanding = 3
            $0.announced.outstandingReads = 2
        }
        let key = harness.connect("ann")
        harness.isAnswering = false
        for room: RoomName in ["a", "b"] {
            #expect(harness.send(key, .history(HistoryRequest(room: room))).errors(to: key).isEmpty)
        }
        let third = harness.send(key, .rooms(RoomsRequest())).replies(to: key)
        guard case .error(let error)? = third.first else {
            return #expect(Bool(false), "a third read is refused")
        }
        #expect(error.code == .tooManyOutstanding && error.retryAfterMs != nil)
        #expect(harness.publish(key, "a").errors(to: key).isEmpty, "a publish is no read")
        #expect(harness.publish(key, "a").errors(to: key) == [.tooManyOutstanding])
        #expect(harness.send(key, .ping).errors(to: key) == [.tooManyOutstanding])
        #expect(harness.answer().replies(to: key).count == 3)
        #expect(harness.publish(key, "a").errors(to: key).isEmpty)
        #expect(harness.fail().errors(to: key) == [.unavailable])
        #expect(harness.hub.session(key)?.outstanding == 0 && harness.hub.session(key)?.outstandingReads == 0)
    }

    @Test("REST knows publish and history and no other verb")
    func rest() {
        let caller = Caller(tenant: .default, user: "shop", name: nil, grants: .everything)
        func ask(_ command: Command) -> Reply? {
            for case .respond(9, let reply) in harness.handle(.request(9, caller, command)) { return reply }
            return nil
        }
        guard
            case .ok(.published(let published))? = ask(
                .publish(Publish(room: "lobby", clientID: "x", body: Array("1".utf8))))
        else { return #expect(Bool(false), "published") }
        #expect(published.position?.offset == 1)
        guard case .ok(.history(let page))? = ask(.history(HistoryRequest(room: "lobby"))) else {
            return #expect(Bool(false), "read")
        }
        #expect(page.offsets == [1])
        #expect(ask(.ping) == .error(ErrorReply(.unknownVerb)))
        #expect(ask(.presence("lobby")) == .error(ErrorReply(.unknownVerb)))
    }
}
