import Chat
import ChatProtocol
import Testing

@testable import BrokerRedis

@Suite("Channels")
struct ChannelTests {
    private func channel(_ tenant: String, _ room: String) throws -> String {
        let key = RoomKey(tenant: try TenantID(tenant), name: try RoomName(room))
        return String(decoding: Channel.name(of: key), as: UTF8.self)
    }

    @Test("a room's channel is parley:1:{TENANT:ROOM}, both percent-encoded")
    func names() throws {
        #expect(try channel("acme-1", "support") == "parley:1:{acme-1:support}")
        #expect(try channel("a", "live:4.2_~x-") == "parley:1:{a:live%3A4.2_~x-}")
        #expect(try channel("a", "{grüße} 100%") == "parley:1:{a:%7Bgr%C3%BC%C3%9Fe%7D%20100%25}")
    }

    @Test("no two rooms share a channel, and none is the canary's")
    func differ() throws {
        let names = ["a:b", "a%3Ab", "a", "b", "canary", "a/b", "e\u{301}", "\u{E9}"]
        let channels = try names.flatMap { [try channel("t", $0), try channel("u", $0)] }
        #expect(Set(channels).count == channels.count)
        let canary = String(
            decoding: Channel.canary(instance: 35, origin: OriginID(number: 36)), as: UTF8.self)
        #expect(canary == "parley:1:canary:z.10")
        #expect(!channels.contains(canary))
    }
}
