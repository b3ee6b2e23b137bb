import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("Grants: every verb asks what the token allows, by the room's name alone")
struct HubGrantsTests {
    private let harness = HubHarness(identity: .proven)

    private func caller(
        _ can: RoomVerbs, as user: UserID = "ann", tenant: TenantID = .default, in pattern: String = "*"
    ) -> Caller {
        let match = RoomPattern(pattern).map { [Grant(match: $0, can: can)] } ?? []
        return Caller(
            tenant: tenant, user: user, name: nil, grants: Grants(match),
            expiresAt: WallTime(milliseconds: harness.now.wall.milliseconds + 3_600_000))
    }

    private static let commands: [(RoomVerbs, Command)] = [
        (.join, .join(Join(room: "lobby"))),
        (.publish, .publish(Publish(room: "lobby", clientID: "x", body: [49]))),
        (.publish, .publish(Publish(room: "live:lobby", clientID: nil, body: [49]))),
        (.publish, .typing(Typing(room: "lobby"))),
        (.history, .history(HistoryRequest(room: "lobby"))),
        (.presence, .presence("lobby")),
    ]

    @Test("a verb is allowed by its own grant, and forbidden by all others", arguments: commands.indices)
    func verbs(index: Int) {
        let (needed, command) = Self.commands[index]
        let rest = RoomVerbs.everything.subtracting(needed)
        for (can, isAllowed) in [(RoomVerbs.everything, true), (needed, true), (rest, false), ([], false)] {
            let key = harness.connect(as: caller(can))
            if can.contains(.join) { harness.send(key, .join(Join(room: "lobby"))) }
            let errors = harness.send(key, command).errors(to: key)
            if isAllowed {
                #expect(errors == [] || errors == [.notJoined])
            } else {
                #expect(errors == [.forbidden])
            }
        }
    }

    @Test("the sentence names the command, the room and the grant", arguments: commands.indices)
    func sentences(index: Int) {
        let (needed, command) = Self.commands[index]
        let key = harness.connect(as: caller([]))
        let sentence = harness.send(key, command).sentence(to: key) ?? ""
        let grant = RoomVerbs.named.first { $0.verb == needed }?.name ?? "?"
        #expect(sentence.contains("lobby") && sentence.contains("\"\(grant)\""))
    }

    @Test("a refusal is the same whether the room exists or not, and does nothing at all")
    func nothingIsTaken() {
        harness.store(3, in: "lobby")
        let key = harness.connect(as: caller([]))
        for name: RoomName in ["lobby", "nowhere"] {
            for command: Command in [
                .join(Join(room: name, tail: 5)), .publish(Publish(room: name, clientID: "x", body: [49])),
                .typing(Typing(room: name)), .history(HistoryRequest(room: name)), .presence(name),
            ] {
                let effects = harness.send(key, command)
                #expect(effects.count == 1 && effects.errors(to: key) == [.forbidden])
            }
        }
        #expect(harness.hub.counted.rooms == 0 && harness.hub.counted.pendingDrafts == 0)
    }

    @Test("names that begin with $ are forbidden whatever a token says; leave is always done")
    func reserved() {
        let key = harness.connect(as: caller(.everything))
        for command: Command in [
            .join(Join(room: "$user:ann")), .publish(Publish(room: "$user:ann", clientID: "x", body: [49])),
            .typing(Typing(room: "$user:ann")), .history(HistoryRequest(room: "$user:ann")),
            .presence("$user:ann"),
        ] {
            #expect(harness.send(key, command).errors(to: key) == [.forbidden])
        }
        let none = harness.connect(as: caller([]))
        #expect(harness.send(none, .leave("lobby")).replies(to: none) == [.ok(.done)])
    }

    @Test("REST asks the same")
    func rest() {
        let publish = Command.publish(Publish(room: "lobby", clientID: "x", body: [49]))
        let history = Command.history(HistoryRequest(room: "lobby"))
        func answer(_ command: Command, _ can: RoomVerbs) -> ErrorCode? {
            for case .respond(7, .error(let error)) in harness.handle(.request(7, caller(can), command)) {
                return error.code
            }
            return nil
        }
        #expect(answer(publish, [.history]) == .forbidden && answer(history, [.publish]) == .forbidden)
        #expect(answer(publish, [.publish]) == nil && answer(history, [.history]) == nil)
    }

    // MARK: The past

    @Test(
        "who may not read the past is told none of it: an empty tail, a gap from since to now, and then live"
    )
    func withoutHistory() {
        harness.store(5, in: "lobby")
        let bob = harness.connect(as: caller(.everything, as: "bob"), in: "lobby")
        let key = harness.connect(as: caller([.join]))
        let tail = harness.send(key, .join(Join(room: "lobby", tail: 3))).joined(key)
        #expect(tail?.publications == [] && tail?.recovered == true && tail?.head == 5 && tail?.more == false)
        for (offset, gap) in [(Offset(0), 1...5), (3, 4...5)] as [(Offset, ClosedRange<Offset>)] {
            let since = StreamPosition(epoch: "1-1", offset: offset)
            let joined = harness.send(key, .join(Join(room: "lobby", since: since))).joined(key)
            #expect(joined?.publications == [] && joined?.recovered == false && joined?.gap == gap)
            #expect(joined?.head == 5 && joined?.more == false)
        }
        let whole = harness.send(
            key, .join(Join(room: "lobby", since: StreamPosition(epoch: "1-1", offset: 5))))
        #expect(whole.joined(key)?.recovered == true && whole.joined(key)?.gap == nil)
        #expect(harness.publish(bob, "lobby").offsets(to: key) == [6])
    }

    @Test("for them no page is read, also where memory does not reach back")
    func readsNothing() {
        let harness = HubHarness(identity: .proven) { $0.openTail = 2 }
        harness.store(9, in: "lobby")
        let key = harness.connect(as: caller([.join]))
        let effects = harness.send(
            key, .join(Join(room: "lobby", since: StreamPosition(epoch: "1-1", offset: 1))))
        #expect(effects.reads == 0 && effects.joined(key)?.gap == 2...9)
        let void = harness.send(
            key, .join(Join(room: "lobby", since: StreamPosition(epoch: "9-9", offset: 4))))
        #expect(void.joined(key)?.gap == 1...9)
    }

    @Test("who may not see who is there is not told it")
    func withoutPresence() {
        let key = harness.connect(as: caller([.join]), in: "lobby")
        let seeing = harness.connect(as: caller([.join, .presence], as: "bob"), in: "lobby")
        harness.advance(by: .seconds(1))
        _ = harness.connect(as: caller(.everything, as: "cem"), in: "lobby")
        let effects = harness.advance(by: .seconds(1))
        #expect(effects.presence(to: key).isEmpty && effects.presence(to: seeing).count == 1)
    }

    // MARK: Tenants

    @Test("a session of one tenant sees and changes nothing of another's, whatever it says of the same names")
    func tenants() throws {
        let other = try TenantID("other")
        let ann = harness.connect(as: caller(.everything, as: "ann"), in: "lobby", "live:1")
        harness.publish(ann, "lobby", "\"ours\"")
        harness.advance(by: .seconds(1))
        let spy = harness.connect(as: caller(.everything, as: "ann", tenant: other))
        func told(_ command: Command) -> [Effect] {
            let effects = harness.send(spy, command)
            let all = effects + harness.advance(by: .seconds(1))
            #expect(all.pushes(to: ann).filter { $0 != .ping } == [], "\(command)")
            return effects
        }
        let history = told(.history(HistoryRequest(room: "lobby"))).history(spy)
        #expect(history?.head == 0 && history?.publications == [])
        let joined = told(.join(Join(room: "lobby", tail: 9))).joined(spy)
        #expect(joined?.head == 0 && joined?.publications == [] && joined?.epoch != "1-1")
        let stolen = told(.join(Join(room: "lobby", since: StreamPosition(epoch: "1-1", offset: 1)))).joined(
            spy)
        #expect(stolen?.recovered == false && stolen?.publications == [])
        _ = told(.join(Join(room: "live:1")))
        #expect(told(.presence("lobby")).snapshot(spy)?.members == [Member(user: "ann", name: nil)])
        _ = told(.typing(Typing(room: "lobby")))
        _ = told(.typing(Typing(room: "live:1")))
        _ = told(.publish(Publish(room: "live:1", clientID: nil, body: [49])))
        // The same client id of the same user name: no repeat of the other's draft.
        let published = told(.publish(Publish(room: "lobby", clientID: "c1", body: Array("\"theirs\"".utf8))))
        #expect(
            published.published(spy)?.isRepeat == false && published.published(spy)?.position?.offset == 1)
        let rooms = told(.rooms(RoomsRequest())).rooms(spy)?.rooms
        #expect(rooms?.map(\.head) == [1] && rooms?.first?.last?.body == Array("\"theirs\"".utf8))
        _ = told(.leave("lobby"))
        #expect(harness.send(ann, .presence("lobby")).snapshot(ann)?.count == 1)
        let ours = harness.send(ann, .history(HistoryRequest(room: "lobby"))).history(ann)
        #expect(ours?.publications.map(\.body) == [Array("\"ours\"".utf8)])
        #expect(harness.publish(ann, "lobby").pushes(to: spy) == [])
    }
}
