import BrokerContract
import Chat
import ChatProtocol
import Testing

@Suite("the broker in memory")
struct MemoryBrokerTests {
    @Test("the contract of the port Broker", arguments: BrokerContract.rules)
    func keepsTheContract(_ rule: BrokerRule) throws { try rule.check(ThreeEndpoints()) }

    @Test("a subscription taken back before its confirmation is never confirmed")
    func confirmsNothingTakenBack() {
        let harness = ThreeEndpoints()
        var confirmations = 0
        harness.endpoints[0].subscribe(harness.room) { confirmations += 1 }
        harness.endpoints[0].unsubscribe(harness.room)
        harness.settle()
        #expect(confirmations == 0)
    }

    @Test("a batch is handed to each carrier as one, an empty one to none")
    func carriesBatches() {
        let harness = ThreeEndpoints()
        let news = News(origin: harness.origin(of: 0), room: harness.room, content: .rosterRequest)
        harness.endpoints[0].publish([news, news])
        harness.endpoints[0].publish([])
        #expect(harness.underWay == 2)
    }

    @Test("news of its own origin are not heard, whoever brings them")
    func ignoresItself() {
        let harness = ThreeEndpoints()
        harness.endpoints[0].subscribe(harness.room) {}
        let news = News(origin: harness.origin(of: 0), room: harness.room, content: .rosterRequest)
        harness.endpoints[1].publish([news])
        harness.settle()
        #expect(harness.heard(by: 0).isEmpty)
    }
}

/// Three endpoints and what is on the way between them.
private final class ThreeEndpoints: BrokerHarness {
    let room: RoomKey
    private(set) var endpoints: [any Broker] = []
    private var memory: [MemoryBroker] = []
    private var log: [[News]] = [[], [], []]
    private var waiting: [() -> Void] = []

    private final class Carrier: NewsCarrier {
        unowned let harness: ThreeEndpoints
        let destination: Int

        init(_ harness: ThreeEndpoints, to destination: Int) {
            self.harness = harness
            self.destination = destination
        }

        func carry(_ news: [News]) {
            harness.waiting.append { [harness, destination] in harness.memory[destination].receive(news) }
        }
    }

    init() {
        room = RoomKey(tenant: .default, name: "room")
        memory = (0..<3).map { index in
            MemoryBroker(
                origin: origin(of: index),
                peers: (0..<3).filter { $0 != index }.map { Carrier(self, to: $0) },
                later: { [unowned self] in waiting.append($0) },
                heard: { [unowned self] in log[index].append($0) })
        }
        endpoints = memory
    }

    /// How many things wait to be done.
    var underWay: Int { waiting.count }

    func origin(of endpoint: Int) -> OriginID { OriginID(number: UInt64(endpoint) + 1) }

    func heard(by endpoint: Int) -> [News] { log[endpoint] }

    func settle() {
        while !waiting.isEmpty {
            let due = waiting
            waiting = []
            for action in due { action() }
        }
    }
}
