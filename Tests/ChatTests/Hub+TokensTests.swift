import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("Tokens: who is believed, what waits meanwhile, and how they end")
struct HubTokensTests {
    private let harness = HubHarness(identity: .proven)

    private func caller(_ user: UserID = "ann", expiresIn seconds: Int64 = 3_600) -> Caller {
        Caller(
            tenant: .default, user: user, name: "Ann", grants: .everything,
            expiresAt: WallTime(milliseconds: harness.now.wall.milliseconds + seconds * 1_000))
    }

    // MARK: Connect

    @Test("without a token nobody is believed, whoever he says he is")
    func noToken() {
        let key = harness.open()
        for connect in [Connect(), Connect(user: "ann"), Connect(name: "Ann")] {
            let effects = harness.send(key, .connect(connect))
            #expect(effects.errors(to: key) == [.unauthorized])
            #expect(effects.sentence(to: key)?.contains("connect.token") == true)
        }
    }

    @Test("beside a token user and name are refused, and the token is not checked")
    func tokenAndUser() {
        let token = harness.token(for: caller())
        let key = harness.open()
        for connect in [Connect(token: token, user: "ann"), Connect(token: token, name: "Ann")] {
            let effects = harness.send(key, .connect(connect))
            #expect(effects.errors(to: key) == [.badRequest])
            #expect(!effects.contains { if case .verify = $0 { true } else { false } })
        }
        #expect(harness.send(key, .connect(Connect(token: token))).connected(key)?.user == "ann")
    }

    @Test("the reply tells whom the token names, and when it expires")
    func reply() {
        let ann = caller()
        let key = harness.open()
        let connect = Connect(token: harness.token(for: ann), rooms: [Join(room: "lobby")])
        let connected = harness.send(key, .connect(connect)).connected(key)
        #expect(connected?.user == "ann" && connected?.name == "Ann" && connected?.expiresAt == ann.expiresAt)
        #expect(connected?.rooms.count == 1)
    }

    @Test("a refusal is told in the verifier's words; the third ends the connection")
    func refused() {
        let key = harness.open()
        for turn in 1...3 {
            let effects = harness.send(key, .connect(Connect(token: "forged")))
            #expect(effects.errors(to: key) == [.unauthorized])
            #expect(effects.sentence(to: key) == "It is none of ours.")
            #expect(effects.disconnects(of: key) == (turn == 3 ? [.unauthorized] : []))
        }
        #expect(harness.hub.counted.sessions == 0)
    }

    @Test("after one refusal another token is believed on the same connection")
    func another() {
        let key = harness.open()
        harness.send(key, .connect(Connect(token: "forged")))
        let token = harness.token(for: caller())
        #expect(harness.send(key, .connect(Connect(token: token))).connected(key) != nil)
    }

    @Test("what cannot be checked now is unavailable, says when to come again, and does not count as refused")
    func unavailable() {
        harness.isAnswering = false
        let key = harness.open()
        for _ in 0..<4 {
            harness.send(key, .connect(Connect(token: "any")))
            let effects = harness.fail()
            guard case .error(let error)? = effects.replies(to: key).last else {
                return #expect(Bool(false), "an error")
            }
            #expect(error.code == .unavailable && error.retryAfterMs == 1_000)
            #expect(error.message.contains("token"))
        }
    }

    // MARK: What waits

    @Test("commands behind connect wait, and are carried out in order once it is accepted")
    func waits() {
        harness.isAnswering = false
        let key = harness.open()
        harness.send(key, .connect(Connect(token: harness.token(for: caller()))))
        #expect(harness.publish(key, "lobby", id: 2).isEmpty)
        #expect(harness.send(key, .ping, id: 3).isEmpty)
        #expect(harness.send(key, .connect(Connect(token: "x")), id: 4).isEmpty)
        #expect(harness.send(key, .pong, id: nil).isEmpty)
        let effects = harness.answer()
        let ids = effects.compactMap { if case .reply(key, let id, _) = $0 { id } else { nil } }
        #expect(ids == [1, 3, 4, 2] && effects.errors(to: key) == [.alreadyConnected])
        #expect(effects.appends == 1)
    }

    @Test("what waits behind a refused connect is answered as what it then is")
    func waitsInVain() {
        harness.isAnswering = false
        let key = harness.open()
        harness.send(key, .connect(Connect(token: "forged")))
        harness.send(key, .ping, id: 2)
        harness.send(key, .connect(Connect(token: harness.token(for: caller()))), id: 3)
        harness.send(key, .ping, id: 4)
        let effects = harness.answer()
        #expect(effects.errors(to: key) == [.unauthorized, .notConnected])
        #expect(
            effects.replies(to: key).count == 4
                && effects.replies(to: key).last == .ok(.pong(time: harness.now.wall)))
    }

    @Test("the third refusal leaves what waits unanswered: the session is gone")
    func waitsForNothing() {
        harness.isAnswering = false
        let key = harness.open()
        for id in 1...5 { harness.send(key, .connect(Connect(token: "forged")), id: Int64(id)) }
        let effects = harness.answer()
        #expect(effects.errors(to: key).count == 3 && effects.disconnects(of: key) == [.unauthorized])
    }

    @Test("too much of it ends the session", arguments: [true, false])
    func tooMuch(isMany: Bool) {
        harness.isAnswering = false
        let key = harness.open()
        harness.send(key, .connect(Connect(token: "slow")))
        for _ in 0..<(isMany ? 64 : 2) {
            let effects =
                isMany
                ? harness.send(key, .ping)
                : harness.publish(key, "lobby", String(repeating: "1", count: 30_000))
            #expect(effects.isEmpty)
        }
        let last = harness.publish(key, "lobby", String(repeating: "1", count: 30_000))
        #expect(last.disconnects(of: key) == [.tooEarly])
        #expect(harness.answer().isEmpty)
    }

    @Test("the time for connect goes on while the token is checked; its outcome then finds nobody")
    func timeout() {
        harness.isAnswering = false
        let key = harness.open()
        harness.send(key, .connect(Connect(token: harness.token(for: caller()))))
        #expect(harness.advance(by: .seconds(10)).disconnects(of: key) == [.connectTimeout])
        #expect(harness.answer().isEmpty)
    }

    @Test("an outcome for a session that is gone, or that asked nothing, changes nothing")
    func nobody() {
        harness.isAnswering = false
        let key = harness.open()
        harness.send(key, .connect(Connect(token: harness.token(for: caller()))))
        harness.handle(.closed(key))
        #expect(harness.answer().isEmpty)
        let other = harness.open()
        #expect(harness.handle(.verified(other, .success(caller()))).isEmpty)
        #expect(harness.send(other, .ping).errors(to: other) == [.notConnected])
    }

    // MARK: Expiry

    @Test("expiry is told a minute before; half a minute after it the session ends")
    func expiry() {
        let key = harness.connect(as: caller(expiresIn: 100))
        #expect(harness.advance(by: .milliseconds(39_999)).pushes(to: key).filter { $0 != .ping } == [])
        #expect(harness.advance(by: .milliseconds(1)).pushes(to: key).contains(.expiring(inMs: 60_000)))
        #expect(harness.advance(by: .milliseconds(89_999)).disconnects(of: key) == [])
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: key) == [.tokenExpired])
    }

    @Test("a token accepted within its leeway is told of at once and ends with it")
    func leeway() {
        let key = harness.connect(as: caller(expiresIn: -20))
        #expect(harness.advance(by: .zero).pushes(to: key) == [.expiring(inMs: 0)])
        #expect(harness.advance(by: .milliseconds(9_999)).disconnects(of: key) == [])
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: key) == [.tokenExpired])
    }

    @Test("a clock that was set back gives the token its time back")
    func clockSetBack() {
        let key = harness.connect(as: caller(expiresIn: 100))
        harness.setWall(back: .seconds(30))
        #expect(!harness.advance(by: .seconds(60)).pushes(to: key).contains { $0.isExpiring })
        #expect(harness.advance(by: .seconds(10)).pushes(to: key).contains(.expiring(inMs: 60_000)))
    }

    @Test("in development mode nothing expires")
    func development() {
        let harness = HubHarness()
        let key = harness.connect("ann")
        let effects = harness.advance(by: .seconds(100_000))
        #expect(!effects.pushes(to: key).contains { $0.isExpiring } && effects.disconnects(of: key) == [])
    }
}

extension Push {
    fileprivate var isExpiring: Bool {
        if case .expiring = self { true } else { false }
    }
}
