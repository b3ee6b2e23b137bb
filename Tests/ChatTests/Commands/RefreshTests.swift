import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("refresh: on under another token, without a new connection")
struct RefreshTests {
    private let harness = HubHarness(identity: .proven)

    private func caller(
        _ user: UserID = "ann", name: String? = nil, tenant: TenantID = .default, rooms pattern: String = "*",
        can: RoomVerbs = .everything, expiresIn seconds: Int64 = 3_600
    ) -> Caller {
        let match = RoomPattern(pattern).map { [Grant(match: $0, can: can)] } ?? []
        return Caller(
            tenant: tenant, user: user, name: name, grants: Grants(match),
            expiresAt: WallTime(milliseconds: harness.now.wall.milliseconds + seconds * 1_000))
    }

    private func refresh(_ key: SessionKey, as caller: Caller) -> [Effect] {
        harness.send(key, .refresh(token: harness.token(for: caller)))
    }

    @Test("the reply tells who one is and how long now; the new expiry replaces the old")
    func reply() {
        let key = harness.connect(as: caller(expiresIn: 100))
        harness.advance(by: .seconds(45))
        let new = caller(name: "Ann", expiresIn: 200)
        let refreshed = refresh(key, as: new).refreshed(key)
        #expect(refreshed == Refreshed(user: "ann", name: "Ann", expiresAt: new.expiresAt, left: []))
        #expect(harness.advance(by: .seconds(139)).pushes(to: key).filter { $0 != .ping } == [])
        #expect(harness.advance(by: .seconds(1)).pushes(to: key).contains(.expiring(inMs: 60_000)))
        #expect(harness.advance(by: .milliseconds(89_999)).disconnects(of: key) == [])
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: key) == [.tokenExpired])
    }

    @Test("a token that ends sooner than the old one is told of and enforced in its time")
    func sooner() {
        let key = harness.connect(as: caller(expiresIn: 3_600))
        #expect(refresh(key, as: caller(expiresIn: 20)).refreshed(key) != nil)
        #expect(harness.advance(by: .seconds(10)).pushes(to: key).contains(.expiring(inMs: 10_000)))
        #expect(harness.advance(by: .seconds(40)).disconnects(of: key) == [.tokenExpired])
    }

    @Test("the token one has again changes nothing: its end is not told twice, and comes as it would have")
    func sameAgain() {
        let same = caller(expiresIn: 20)
        let key = harness.connect(as: same)
        #expect(harness.advance(by: .seconds(10)).pushes(to: key).contains(.expiring(inMs: 10_000)))
        #expect(refresh(key, as: same).refreshed(key)?.expiresAt == same.expiresAt)
        #expect(harness.advance(by: .milliseconds(39_999)).pushes(to: key).filter { $0 != .ping } == [])
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: key) == [.tokenExpired])
    }

    @Test("who refreshes without end sets no timer without end")
    func timers() {
        let key = harness.connect(as: caller())
        let before = harness.hub.timerOrder
        for seconds in 1...50 { _ = refresh(key, as: caller(expiresIn: 3_600 + Int64(seconds))) }
        #expect(harness.hub.timerOrder == before)
    }

    @Test("another user, or the same name of another tenant, is forbidden; the old token stays in force")
    func somebodyElse() {
        let key = harness.connect(as: caller(expiresIn: 100), in: "lobby")
        #expect(refresh(key, as: caller("bob", rooms: "none")).errors(to: key) == [.forbidden])
        let other = try? TenantID("other")
        #expect(
            refresh(key, as: caller(tenant: other ?? .default, rooms: "none")).errors(to: key) == [.forbidden]
        )
        #expect(harness.publish(key, "lobby").published(key) != nil)
        #expect(harness.advance(by: .seconds(130)).disconnects(of: key) == [.tokenExpired])
    }

    @Test("a refused token is unauthorized, one that cannot be checked unavailable, as often as one likes")
    func refused() {
        let key = harness.connect(as: caller())
        for _ in 0..<5 {
            let effects = harness.send(key, .refresh(token: "forged"))
            #expect(effects.errors(to: key) == [.unauthorized] && effects.disconnects(of: key) == [])
        }
        harness.isAnswering = false
        harness.send(key, .refresh(token: "any"))
        #expect(harness.fail().errors(to: key) == [.unavailable])
        #expect(harness.send(key, .ping).replies(to: key).count == 1)
    }

    @Test("meanwhile commands go on under the old token, and a second refresh has to wait")
    func meanwhile() {
        let key = harness.connect(as: caller(), in: "lobby")
        harness.isAnswering = false
        harness.send(key, .refresh(token: harness.token(for: caller(rooms: "none"))), id: 1)
        #expect(harness.publish(key, "lobby").appends == 1)
        let second = harness.send(key, .refresh(token: "x"), id: 2)
        #expect(second.errors(to: key) == [.tooManyOutstanding])
        #expect(harness.answer().refreshed(key) == nil)
        #expect(harness.publish(key, "lobby").errors(to: key) == [.forbidden])
    }

    @Test("it counts among the commands under way, and no longer once it is answered")
    func outstanding() {
        let harness = HubHarness(identity: .proven) { $0.announced.outstanding = 1 }
        let token = harness.token(for: caller())
        let key = harness.open()
        harness.send(key, .connect(Connect(token: token)))
        harness.isAnswering = false
        harness.send(key, .refresh(token: token))
        #expect(harness.send(key, .ping).errors(to: key) == [.tooManyOutstanding])
        #expect(harness.answer().refreshed(key) != nil)
        #expect(harness.send(key, .ping).errors(to: key) == [])
    }

    @Test("without an id it is refused; so it is in development mode, where no token can be checked")
    func needs() {
        let key = harness.connect(as: caller())
        #expect(harness.send(key, .refresh(token: "x"), id: nil).errors(to: key) == [.badRequest])
        let open = HubHarness()
        let ann = open.connect("ann")
        #expect(open.send(ann, .refresh(token: "x")).errors(to: ann) == [.unauthorized])
    }

    @Test("rooms that the new token does not give are left at once, and told; rosters know it without grace")
    func left() {
        let key = harness.connect(as: caller(), in: "a:1", "b:1", "a:2", "b:2")
        let bob = harness.connect(as: caller("bob"), in: "b:1", "a:1")
        harness.advance(by: .seconds(1))
        #expect(refresh(key, as: caller(rooms: "a:*")).refreshed(key)?.left == ["b:1", "b:2"])
        #expect(harness.publish(bob, "b:1").pushes(to: key).isEmpty)
        #expect(harness.publish(bob, "a:1").offsets(to: key) == [1])
        let told = harness.advance(by: .milliseconds(250)).presence(to: bob)
        #expect(told.map(\.leave) == [["ann"]] && told.first?.room == "b:1")
        let typing = harness.send(key, .typing(Typing(room: "b:1")))
        #expect(typing.errors(to: key) == [.forbidden])
    }

    @Test("a join that is under way when its right is lost is not carried out")
    func joining() {
        let key = harness.connect(as: caller())
        harness.isAnswering = false
        harness.send(key, .refresh(token: harness.token(for: caller(rooms: "none"))), id: 1)
        harness.send(key, .join(Join(room: "lobby")), id: 2)
        let effects = harness.answer()
        #expect(effects.errors(to: key) == [.notJoined])
        #expect(harness.hear(harness.store(1, in: "lobby")).pushes(to: key).isEmpty)
    }

    @Test("a join that reads the past when that right is lost is told none of it")
    func joiningWithoutPast() {
        harness.store(3, in: "lobby")
        let key = harness.connect(as: caller())
        harness.isAnswering = false
        let token = harness.token(for: caller(can: [.join]))
        harness.send(key, .refresh(token: token), id: 1)
        harness.send(key, .join(Join(room: "lobby", since: StreamPosition(epoch: "0", offset: 0))), id: 2)
        let joined = harness.answer().joined(key)
        #expect(joined?.publications == [] && joined?.gap == 1...3 && joined?.recovered == false)
    }

    @Test("the right to presence goes and comes with the token; what was declined stays declined")
    func presence() {
        let key = harness.connect(as: caller(), in: "lobby")
        harness.send(key, .join(Join(room: "quiet", events: [.typing])))
        func arrivals(_ user: UserID, _ room: RoomName) -> Int {
            _ = harness.connect(as: caller(user), in: room)
            return harness.advance(by: .milliseconds(250)).presence(to: key).count
        }
        harness.advance(by: .seconds(1))
        #expect(arrivals("u1", "lobby") == 1 && arrivals("u2", "quiet") == 0)
        #expect(refresh(key, as: caller(can: [.join, .publish])).refreshed(key)?.left == [])
        #expect(arrivals("u3", "lobby") == 0 && arrivals("u4", "quiet") == 0)
        #expect(harness.send(key, .presence("lobby")).errors(to: key) == [.forbidden])
        #expect(refresh(key, as: caller()).refreshed(key)?.left == [])
        #expect(arrivals("u5", "lobby") == 1 && arrivals("u6", "quiet") == 0)
    }

    @Test("a new name is the roster's from then on, and the count of sessions stays what it is")
    func name() {
        let key = harness.connect(as: caller(name: "Ann"), in: "lobby")
        let bob = harness.connect(as: caller("bob"), in: "lobby")
        harness.advance(by: .seconds(1))
        #expect(refresh(key, as: caller(name: "Anna")).refreshed(key)?.name == "Anna")
        let told = harness.advance(by: .milliseconds(250))
        #expect(told.presence(to: bob).map(\.join) == [[Member(user: "ann", name: "Anna")]])
        #expect(told.rosterNews.map(\.change.join) == [[Member(user: "ann", name: "Anna")]])
        #expect(harness.publish(key, "lobby").publications(to: bob).first?.name == "Anna")
        harness.send(key, .leave("lobby"))
        #expect(harness.advance(by: .milliseconds(250)).presence(to: bob).map(\.leave) == [["ann"]])
    }
}
