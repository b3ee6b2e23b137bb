import Chat
import ChatProtocol
import Testing

@testable import Gateway

@Suite("SessionTable: slots are used again, keys are not")
struct SessionTableTests {
    private func transport() -> RecordingTransport { RecordingTransport(LineDialect()) }

    @Test("a reserved slot has no transport until it is filled")
    func reserves() {
        var table = SessionTable()
        let key = table.reserve()
        #expect(table.transport(of: key) == nil)
        let transport = transport()
        table.fill(key, with: transport)
        #expect(table.transport(of: key) === transport)
    }

    @Test("after the release the slot comes again under another generation, and the old key finds nobody")
    func reusesSlots() {
        var table = SessionTable()
        let first = table.reserve()
        table.fill(first, with: transport())
        table.release(first)
        #expect(table.transport(of: first) == nil)
        let second = table.reserve()
        #expect(second.slot == first.slot && second.generation != first.generation)
        let newcomer = transport()
        table.fill(second, with: newcomer)
        #expect(table.transport(of: first) == nil)
        #expect(table.transport(of: second) === newcomer)
    }

    @Test("releasing twice frees the slot once, and never the next session's")
    func releasesOnce() {
        var table = SessionTable()
        let first = table.reserve()
        table.fill(first, with: transport())
        table.release(first)
        table.release(first)
        let second = table.reserve()
        table.fill(second, with: transport())
        table.release(first)
        #expect(table.transport(of: second) != nil)
        #expect(table.reserve().slot != second.slot)
    }

    @Test("a key of a slot that never was finds nobody")
    func ignoresForeignKeys() {
        var table = SessionTable()
        #expect(table.transport(of: SessionKey(slot: 7, generation: 0)) == nil)
        table.release(SessionKey(slot: 7, generation: 0))
    }
}
