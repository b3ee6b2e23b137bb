import Testing

@testable import Gateway

@Suite("BrokerLocation: what carries news, as it is written")
struct BrokerLocationTests {
    @Test("memory, or Redis at one of several places")
    func reads() {
        #expect(BrokerLocation("memory:") == .memory)
        #expect(BrokerLocation("redis://a") == .redis(["redis://a"]))
        #expect(BrokerLocation("redis://a,redis://b:2/1") == .redis(["redis://a", "redis://b:2/1"]))
    }

    @Test("nothing else", arguments: ["", "memory", "redis:", "a:6379", "redis://a,", "redis://a,b"])
    func refuses(_ text: String) { #expect(BrokerLocation(text) == nil) }

    @Test("it is shown as it is written, without its passwords")
    func shows() {
        let location = BrokerLocation("redis://:secret@a,redis://u:secret@b")
        #expect(location?.description == "redis://:***@a,redis://u:***@b")
        #expect(BrokerLocation.memory.description == "memory:")
    }
}
