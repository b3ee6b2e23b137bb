import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("Commands over a session's rate: refused before anything was done, told when, and a flood is closed")
struct HubPaceTests {
    private let harness = HubHarness {
        $0.announced.messagesPerSecond = 10
        $0.announced.messageBurst = 20
    }

    /// What the last command was told to wait.
    private func wait(_ effects: [Effect], _ key: SessionKey) -> Int? {
        guard case .error(let error)? = effects.replies(to: key).last else { return nil }
        return error.retryAfterMs
    }

    private func spend(_ key: SessionKey, leaving left: Int = 0, of burst: Int = 19) {
        for _ in 0..<(burst - left) { #expect(harness.send(key, .ping).errors(to: key).isEmpty) }
    }

    @Test("promise 3: a refused publish was never appended, and its retry at the named time is no repeat")
    func publish() throws {
        let ann = harness.connect("ann", in: "hall")
        spend(ann, of: 18)
        let draft = Command.publish(Publish(room: "hall", clientID: "d1", body: Array("1".utf8)))
        let refused = harness.send(ann, draft)
        #expect(refused.errors(to: ann) == [.rateLimited])
        #expect(!refused.contains { if case .append = $0 { true } else { false } })
        let told = self.wait(refused, ann)
        let wait = try #require(told)
        harness.advance(by: .milliseconds(wait))
        let stored = harness.send(ann, draft)
        guard case .ok(.published(let published))? = stored.replies(to: ann).last else {
            Issue.record("the retry is not stored")
            return
        }
        #expect(!published.isRepeat && published.position?.offset == 1)
        #expect(harness.hub.counted.refusals == ["rateLimited": 1])
    }

    @Test("a flood of refused commands is closed with 4006, come back; a neighbour is served meanwhile")
    func floods() {
        let (ann, bob) = (harness.connect("ann"), harness.connect("bob"))
        spend(ann)
        for _ in 0..<20 { #expect(harness.send(ann, .ping).errors(to: ann) == [.rateLimited]) }
        #expect(harness.send(bob, .ping).errors(to: bob).isEmpty)
        let end = harness.send(ann, .ping)
        #expect(end.disconnects(of: ann) == [.flooding])
        #expect(
            end.contains {
                if case .disconnect(ann, Disconnect(.flooding, afterMs: 2_000)) = $0 { true } else { false }
            })
        #expect(harness.send(bob, .ping).errors(to: bob).isEmpty)
        #expect(harness.hub.counted.disconnects == ["flooding": 1])
        #expect(harness.hub.counted.sessions == 1)
    }

    @Test("a crowd of refused commands is told one time each, and all of them pass when they obey")
    func obeys() {
        let ann = harness.connect("ann")
        spend(ann)
        let waits = (0..<15).compactMap { _ in wait(harness.send(ann, .ping), ann) }
        #expect(waits == (1...15).map { $0 * 100 + 1 })
        var passed = 0
        for (wait, before) in zip(waits, [0] + waits) {
            harness.advance(by: .milliseconds(wait - before))
            if harness.send(ann, .ping).errors(to: ann).isEmpty { passed += 1 }
        }
        #expect(passed == 15)
    }

    @Test("a page of the past, a roster and a list of rooms cost five; connect costs one and one each room")
    func costs() {
        let ann = harness.connect("ann", in: "hall")
        spend(ann, leaving: 4, of: 18)
        for command in [
            Command.history(HistoryRequest(room: "hall", anchor: .newest)), .presence("hall"),
            .rooms(RoomsRequest()),
        ] {
            #expect(harness.send(ann, command).errors(to: ann) == [.rateLimited])
        }
        #expect(harness.send(ann, .typing(Typing(room: "hall", isOn: true))).errors(to: ann).isEmpty)
        let bob = harness.open()
        harness.send(
            bob,
            .connect(
                Connect(user: "bob", rooms: (0..<15).map { Join(room: RoomName(stringLiteral: "r\($0)")) })))
        spend(bob, of: 4)
        #expect(harness.send(bob, .ping).errors(to: bob) == [.rateLimited])
    }

    @Test("lines that are no commands cost a token too, before connect as well, and so does pong, in silence")
    func others() {
        let ann = harness.open()
        for _ in 0..<10 {
            let effects = harness.handle(.malformed(ann, nil, ErrorReply(.unknownVerb)))
            #expect(effects.errors(to: ann) == [.unknownVerb])
        }
        for _ in 0..<10 { #expect(harness.send(ann, .pong, id: nil).isEmpty) }
        #expect(
            harness.handle(.malformed(ann, 7, ErrorReply(.unknownVerb))).errors(to: ann) == [.rateLimited])
        for _ in 0..<19 { #expect(harness.send(ann, .pong, id: nil).isEmpty) }
        #expect(harness.send(ann, .pong, id: nil).disconnects(of: ann) == [.flooding])
    }

    @Test("what waits behind a token's check has paid when it came, and pays once")
    func waiting() {
        let harness = HubHarness(identity: .proven) {
            $0.announced.messagesPerSecond = 10
            $0.announced.messageBurst = 20
        }
        harness.isAnswering = false
        let ann = harness.open()
        let caller = Caller(tenant: .default, user: "ann", name: nil, grants: .everything)
        harness.send(ann, .connect(Connect(token: harness.token(for: caller))))
        for _ in 0..<10 { harness.send(ann, .ping) }
        let answered = harness.answer()
        #expect(answered.replies(to: ann).count == 11 && answered.errors(to: ann).isEmpty)
        for _ in 0..<9 { #expect(harness.send(ann, .ping).errors(to: ann).isEmpty) }
        #expect(harness.send(ann, .ping).errors(to: ann) == [.rateLimited])
    }

    @Test("the limits by default let a client come back to all its rooms, with all its commands under way")
    func defaults() {
        let harness = HubHarness()
        let ann = harness.open()
        let limits = harness.limits.announced
        let rooms = (0..<limits.roomsPerSession).map { Join(room: RoomName(stringLiteral: "r\($0)")) }
        harness.send(ann, .connect(Connect(user: "ann", rooms: rooms)))
        for _ in 0..<(limits.outstanding + 5 * limits.roomsPerSession) {
            #expect(harness.send(ann, .ping).errors(to: ann).isEmpty)
        }
    }
}
