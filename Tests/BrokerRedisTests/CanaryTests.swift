import Testing

@testable import BrokerRedis

@Suite("The canary")
struct CanaryTests {
    @Test("a broker whose beats come back stays well")
    func well() {
        var canary = Canary()
        for number in UInt64(1)...5 {
            #expect(canary.tick() == number)
            canary.hear(number)
        }
    }

    @Test("two ticks after the first beat that did not come back it is deaf")
    func deaf() {
        var canary = Canary()
        #expect(canary.tick() == 1)
        #expect(canary.tick() == 2)
        #expect(canary.tick() == nil)
    }

    @Test("a later beat makes up for a lost one")
    func lost() {
        var canary = Canary()
        _ = (canary.tick(), canary.tick())
        canary.hear(2)
        canary.hear(1)
        #expect(canary.tick() == 3)
        #expect(canary.tick() == 4)
        #expect(canary.tick() == nil)
    }

    @Test("a beat that was never sent says nothing")
    func forged() {
        var canary = Canary()
        _ = (canary.tick(), canary.tick())
        canary.hear(.max)
        #expect(canary.tick() == nil)
    }
}
