import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("Drain: everyone is told, what was taken is settled, then the sessions end")
struct HubDrainTests {
    private let harness = HubHarness()

    @Test("with nothing under way goaway and close come in one turn, come back spread out")
    func idle() {
        let keys = (0..<40).map { harness.connect(UserID(stringLiteral: "u\($0)")) }
        let effects = harness.handle(.drain(afterMs: 2_000))
        var waits: Set<Int> = []
        for case .disconnect(_, let reason) in effects { waits.insert(reason.afterMs ?? 0) }
        for key in keys {
            #expect(effects.pushes(to: key).count == 1)
            #expect(effects.disconnects(of: key) == [.shutdown])
        }
        #expect(waits.count > 20 && waits.allSatisfy { (2_000..<3_000).contains($0) })
        #expect(harness.hub.isDrained)
        #expect(harness.handle(.drain(afterMs: 1)).isEmpty)
    }

    @Test("drafts that were taken are acknowledged first, and new ones are unavailable")
    func pending() {
        let ann = harness.connect("ann", in: "lobby")
        let stranger = harness.open()
        harness.isAnswering = false
        harness.publish(ann, "lobby")
        var effects = harness.handle(.drain(afterMs: 0))
        #expect(effects.disconnects(of: ann).isEmpty && !harness.hub.isDrained)
        #expect(effects.pushes(to: stranger).isEmpty)
        #expect(harness.publish(ann, "lobby").errors(to: ann) == [.unavailable])
        effects = harness.answer()
        #expect(effects.published(ann)?.position?.offset == 1)
        #expect(
            effects.disconnects(of: ann) == [.shutdown] && effects.disconnects(of: stranger) == [.shutdown])
        #expect(effects.last.map { if case .disconnect = $0 { true } else { false } } == true)
        #expect(harness.hub.isDrained)
    }

    @Test("an archive that does not answer is waited for 5 s")
    func patience() {
        let ann = harness.connect("ann")
        harness.isAnswering = false
        harness.publish(ann, "lobby")
        harness.handle(.drain(afterMs: 0))
        #expect(harness.advance(by: .milliseconds(4_999)).disconnects(of: ann).isEmpty)
        #expect(harness.advance(by: .milliseconds(1)).disconnects(of: ann) == [.shutdown])
        #expect(harness.hub.isDrained)
    }

    @Test("who comes during a drain is sent away at once")
    func newcomer() {
        harness.handle(.drain(afterMs: 700))
        let key = SessionKey(slot: 0, generation: 1)
        let effects = harness.handle(.opened(key, SessionSeed(name: "s", guest: "g")))
        #expect(effects.disconnects(of: key) == [.shutdown] && harness.hub.counted.sessions == 0)
    }
}
