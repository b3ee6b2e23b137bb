import Testing

@testable import TLS

@Suite("The keys of session tickets")
struct TLSTicketKeysTests {
    @Test("an hour has one key, the next hour another")
    func rotates() {
        let keys = TLSTicketKeys()
        let first = keys.newest(at: 0)
        #expect(keys.newest(at: TLSTicketKeys.keySeconds - 1) == first)
        let second = keys.newest(at: TLSTicketKeys.keySeconds)
        #expect(second.name != first.name && second.cipher != first.cipher)
        #expect(second.authenticator != first.authenticator)
    }

    @Test("a key opens its tickets as long as they are good, and no longer")
    func forgets() throws {
        let keys = TLSTicketKeys()
        let first = keys.newest(at: 0)
        let fresh = try #require(keys.key(named: first.name, at: 10))
        #expect(fresh.key == first && fresh.isNewest)
        let last = TLSTicketKeys.keySeconds + TLSTicketKeys.ticketSeconds - 1
        // The ticket is renewed: its key makes none any more.
        #expect(keys.key(named: first.name, at: TLSTicketKeys.keySeconds)?.isNewest == false)
        #expect(keys.key(named: first.name, at: last) != nil)
        #expect(keys.key(named: first.name, at: last + 1) == nil)
    }

    @Test("a name that is not ours opens nothing")
    func strangers() {
        let keys = TLSTicketKeys()
        _ = keys.newest(at: 0)
        #expect(keys.key(named: [UInt8](repeating: 0, count: 16), at: 0) == nil)
    }
}
