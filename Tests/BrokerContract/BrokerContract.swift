package import Chat
import ChatProtocol
import Time

/// What a backend of the port `Broker` offers to be tested: three hubs' endpoints, and a way to wait.
package protocol BrokerHarness: AnyObject {
    /// How many endpoints there are; at least 3. They are made with the harness.
    var endpoints: [any Broker] { get }
    /// The origin of that endpoint's hub.
    func origin(of endpoint: Int) -> OriginID
    /// What that endpoint heard so far, oldest first.
    func heard(by endpoint: Int) -> [News]
    /// Runs whatever is under way until nothing is.
    func settle()
}

/// A rule of the port that the backend broke.
package struct ContractBreach: Error, CustomStringConvertible {
    /// What was found instead.
    package let description: String
}

/// One rule of the port, as a sentence and a check.
package struct BrokerRule: Sendable, CustomStringConvertible {
    /// The rule.
    package let description: String
    private let body: @Sendable (any BrokerHarness) throws -> Void

    fileprivate init(_ description: String, _ body: @escaping @Sendable (any BrokerHarness) throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Holds a fresh harness against the rule; throws `ContractBreach`.
    package func check(_ harness: any BrokerHarness) throws { try body(harness) }
}

/// The rules that every backend of the port `Broker` keeps while nothing fails.
package enum BrokerContract {
    /// All of them. Each wants a harness of its own.
    package static let rules: [BrokerRule] = subscriptions + deliveries

    private static let subscriptions: [BrokerRule] = [
        BrokerRule("a subscription is confirmed, but not inside the call that asked") { harness in
            let confirmations = Counter()
            harness.endpoints[0].subscribe(room("a")) { confirmations.count += 1 }
            try expect(confirmations.count == 0, "it was confirmed inside the call")
            harness.settle()
            try expect(confirmations.count == 1, "it was confirmed \(confirmations.count) times")
        },
        BrokerRule("a second subscription of the same room is confirmed too, and doubles nothing") {
            harness in
            let confirmations = Counter()
            for _ in 0..<2 {
                harness.endpoints[0].subscribe(room("a")) { confirmations.count += 1 }
                harness.settle()
            }
            try expect(confirmations.count == 2, "confirmed \(confirmations.count) times")
            harness.endpoints[1].publish([said("a", 1, by: harness.origin(of: 1))])
            harness.settle()
            try expect(harness.heard(by: 0).count == 1, "heard \(harness.heard(by: 0).count) times")
        },
        BrokerRule("after an unsubscription nothing more is heard, and a new subscription hears again") {
            harness in
            subscribe(harness, 0, "a")
            harness.endpoints[0].unsubscribe(room("a"))
            harness.settle()
            harness.endpoints[1].publish([said("a", 1, by: harness.origin(of: 1))])
            harness.settle()
            try expect(harness.heard(by: 0).isEmpty, "it was heard after the unsubscription")
            subscribe(harness, 0, "a")
            let news = said("a", 2, by: harness.origin(of: 1))
            harness.endpoints[1].publish([news])
            harness.settle()
            try expect(harness.heard(by: 0) == [news], "heard \(harness.heard(by: 0))")
        },
        BrokerRule("an unsubscription of a room that nobody subscribed is harmless") { harness in
            harness.endpoints[0].unsubscribe(room("a"))
            subscribe(harness, 0, "b")
            let news = said("b", 1, by: harness.origin(of: 1))
            harness.endpoints[1].publish([news])
            harness.settle()
            try expect(harness.heard(by: 0) == [news], "heard \(harness.heard(by: 0))")
        },
    ]

    private static let deliveries: [BrokerRule] = [
        BrokerRule("what is published after the confirmation reaches every other subscriber once") {
            harness in
            for endpoint in harness.endpoints.indices { subscribe(harness, endpoint, "a") }
            let news = said("a", 1, by: harness.origin(of: 0))
            harness.endpoints[0].publish([news])
            harness.settle()
            for endpoint in harness.endpoints.indices.dropFirst() {
                try expect(
                    harness.heard(by: endpoint) == [news], "\(endpoint) heard \(harness.heard(by: endpoint))")
            }
        },
        BrokerRule("an endpoint never hears itself") { harness in
            subscribe(harness, 0, "a")
            harness.endpoints[0].publish([said("a", 1, by: harness.origin(of: 0))])
            harness.settle()
            try expect(harness.heard(by: 0).isEmpty, "it heard \(harness.heard(by: 0))")
        },
        BrokerRule("nothing is heard inside the call that publishes") { harness in
            subscribe(harness, 1, "a")
            harness.endpoints[0].publish([said("a", 1, by: harness.origin(of: 0))])
            try expect(harness.heard(by: 1).isEmpty, "it was heard inside the call")
        },
        BrokerRule("rooms are told apart byte for byte, and tenants too") { harness in
            subscribe(harness, 1, "caf\u{E9}")
            let other = News(
                origin: harness.origin(of: 0),
                room: RoomKey(tenant: tenant("other"), name: room("caf\u{E9}").name), content: .rosterRequest)
            harness.endpoints[0].publish([said("cafe\u{301}", 1, by: harness.origin(of: 0)), other])
            let news = said("caf\u{E9}", 2, by: harness.origin(of: 0))
            harness.endpoints[0].publish([news])
            harness.settle()
            try expect(harness.heard(by: 1) == [news], "heard \(harness.heard(by: 1))")
        },
        BrokerRule("a batch over many rooms arrives whole, and every kind of news unchanged") { harness in
            let origin = harness.origin(of: 2)
            let batch =
                everyKind("a", by: origin) + everyKind("b", by: origin)
                + (1...100).map { said("a", $0, by: origin) }
            subscribe(harness, 0, "a")
            subscribe(harness, 0, "b")
            harness.endpoints[2].publish(batch)
            harness.endpoints[2].publish([])
            harness.settle()
            try expect(Set(harness.heard(by: 0)) == Set(batch), "news came changed or not at all")
            try expect(harness.heard(by: 0).count == batch.count, "news came twice")
        },
    ]

    private final class Counter { var count = 0 }

    private static func expect(_ condition: Bool, _ found: @autoclosure () -> String) throws(ContractBreach) {
        if !condition { throw ContractBreach(description: found()) }
    }

    private static func subscribe(_ harness: any BrokerHarness, _ endpoint: Int, _ name: String) {
        harness.endpoints[endpoint].subscribe(room(name)) {}
        harness.settle()
    }
}
