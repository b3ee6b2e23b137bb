import BrokerRedis
import Testing

@testable import Gateway

@Suite("BrokerLocation: what carries news, as it is written")
struct BrokerLocationTests {
    @Test("memory, or Redis at one of several places")
    func reads() throws {
        #expect(try BrokerLocation("memory:") == .memory)
        let target = try RedisTarget("redis://a,redis://b:2/1")
        #expect(try BrokerLocation("redis://a,redis://b:2/1") == .redis(target))
    }

    @Test("nothing else", arguments: ["", "memory", "redis:", "a:6379", "redis://a,", "redis://a,b"])
    func refuses(_ text: String) {
        #expect(throws: RedisTargetError.self) { try BrokerLocation(text) }
    }

    @Test("it is shown as it is written, without its passwords")
    func shows() throws {
        let location = try BrokerLocation("redis://:secret@a,redis://u:secret@b")
        #expect(location.description == "redis://:***@a:6379,redis://u:***@b:6379")
        #expect(BrokerLocation.memory.description == "memory:")
    }
}
