import ChatProtocol
import Testing

@testable import Chat

@Suite("typing: told to the room, not too often")
struct TellTypingTests {
    private let harness = HubHarness()

    private func type(_ key: SessionKey, _ isOn: Bool = true, _ room: RoomName = "lobby") -> [Effect] {
        harness.send(key, .typing(Typing(room: room, isOn: isOn)))
    }

    @Test("the others in the room and the other hubs hear of it")
    func told() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        let effects = type(ann)
        #expect(effects.replies(to: ann) == [.ok(.done)] && effects.typing(to: bob) == [true])
        #expect(effects.broadcasts == [.typing(Member(user: "ann", name: nil), isOn: true)])
        #expect(
            harness.hear(.typing(Member(user: "cem", name: nil), isOn: true), in: "lobby").typing(to: ann)
                == [true])
    }

    @Test("it needs a join")
    func notJoined() {
        let ann = harness.connect("ann", in: "attic")
        _ = harness.connect("bob", in: "lobby")
        #expect(type(ann).errors(to: ann) == [.notJoined])
    }

    @Test("at most once in typingInterval per session and room; what is too much is taken and not told")
    func throttle() {
        let ann = harness.connect("ann", in: "lobby", "attic")
        let bob = harness.connect("bob", in: "lobby", "attic")
        #expect(type(ann).typing(to: bob) == [true])
        harness.advance(by: .milliseconds(999))
        let second = type(ann)
        #expect(
            second.typing(to: bob).isEmpty && second.replies(to: ann) == [.ok(.done)]
                && second.broadcasts.isEmpty)
        #expect(type(ann, true, "attic").typing(to: bob) == [true])
        harness.advance(by: .milliseconds(1))
        #expect(type(ann).typing(to: bob) == [true])
    }

    @Test("off is told once, where there is a mark to take back")
    func off() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        #expect(type(ann, false).typing(to: bob).isEmpty)
        _ = type(ann)
        #expect(type(ann, false).typing(to: bob) == [false])
        #expect(type(ann, false).typing(to: bob).isEmpty)
    }

    @Test("switching on and off does not get around the interval")
    func flicker() {
        let ann = harness.connect("ann", in: "lobby")
        let bob = harness.connect("bob", in: "lobby")
        var told = 0
        for step in 0..<100 { told += type(ann, step % 2 == 0).typing(to: bob).count }
        #expect(told == 2)
        harness.advance(by: .seconds(1))
        #expect(type(ann).typing(to: bob) == [true])
    }

    @Test("who declined typing or presence is not told, and hears publications all the same")
    func events() {
        let ann = harness.connect("ann", in: "lobby")
        let quiet = harness.connect("bob")
        harness.send(quiet, .join(Join(room: "lobby", events: .presence)))
        let silent = harness.connect("cem")
        harness.send(silent, .join(Join(room: "lobby", events: [])))
        var effects = type(ann) + harness.publish(ann, "lobby") + harness.send(quiet, .presence("lobby"))
        _ = harness.connect("dan", in: "lobby")
        effects += harness.advance(by: .seconds(1))
        #expect(effects.typing(to: ann) == [true] && effects.typing(to: quiet).isEmpty)
        #expect(effects.presence(to: quiet).count == 1 && effects.presence(to: silent).isEmpty)
        #expect(effects.offsets(to: quiet) == [1] && effects.offsets(to: silent) == [1])
    }
}
