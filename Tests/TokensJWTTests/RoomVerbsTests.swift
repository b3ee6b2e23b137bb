import Chat
import Testing

@testable import TokensJWT

@Suite("RoomVerbs: the names that tokens use")
struct RoomVerbsNamesTests {
    @Test("every verb has a name, and no other name a verb")
    func hasNames() {
        #expect(RoomVerbs.list == "join, publish, history, presence, moderate")
        var all: RoomVerbs = []
        for (name, verb) in RoomVerbs.named {
            #expect(RoomVerbs(named: name) == verb)
            all.formUnion(verb)
        }
        #expect(all == .everything && RoomVerbs.unlessSaid == [.join, .publish, .history, .presence])
        for name in ["", "Join", "everything", "join "] { #expect(RoomVerbs(named: name) == nil) }
    }
}
