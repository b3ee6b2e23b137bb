import Chat
import ChatProtocol
import Testing

@testable import BrokerRedis

@Suite("What is subscribed")
struct SubscriptionTableTests {
    private final class Counter { var count = 0 }

    private func room(_ name: String) throws -> RoomKey {
        RoomKey(tenant: .default, name: try RoomName(name))
    }

    /// Wants a room and asks Redis for it, as the broker does.
    private func subscribe(_ table: inout SubscriptionTable, _ room: RoomKey, _ counter: Counter) {
        if case .subscribe(let entry) = table.want(room, confirmed: { counter.count += 1 }) {
            table.asked([entry], isSubscription: true)
        }
    }

    private func unsubscribe(_ table: inout SubscriptionTable, _ room: RoomKey) {
        if let entry = table.forget(room) { table.asked([entry], isSubscription: false) }
    }

    private func answer(_ table: inout SubscriptionTable, _ room: RoomKey, isSubscription: Bool) -> Bool {
        guard let answer = table.answered(Channel.name(of: room), isSubscription: isSubscription) else {
            return false
        }
        for confirmed in answer.confirmed { confirmed() }
        return true
    }

    @Test("everyone who asked before the answer is confirmed by it, who asks later at once")
    func confirms() throws {
        var table = SubscriptionTable()
        let (room, counter) = (try room("a"), Counter())
        subscribe(&table, room, counter)
        subscribe(&table, room, counter)
        #expect(table.questionCount == 1)
        #expect(answer(&table, room, isSubscription: true))
        #expect(counter.count == 2)
        guard case .confirm = table.want(room, confirmed: {}) else { return #expect(Bool(false)) }
    }

    @Test("the answer to a subscription that was taken back does not confirm the next one")
    func takenBack() throws {
        var table = SubscriptionTable()
        let (room, first, second) = (try room("a"), Counter(), Counter())
        subscribe(&table, room, first)
        unsubscribe(&table, room)
        subscribe(&table, room, second)
        #expect(answer(&table, room, isSubscription: true))
        #expect(answer(&table, room, isSubscription: false))
        #expect((first.count, second.count) == (0, 0))
        #expect(answer(&table, room, isSubscription: true))
        #expect((first.count, second.count) == (0, 1))
    }

    @Test("an answer nobody asked for, or in another order, is none")
    func unasked() throws {
        var table = SubscriptionTable()
        let (a, b) = (try room("a"), try room("b"))
        #expect(!answer(&table, a, isSubscription: true))
        subscribe(&table, a, Counter())
        #expect(!answer(&table, b, isSubscription: true))
        subscribe(&table, b, Counter())
        #expect(!answer(&table, b, isSubscription: false))
    }

    @Test("after a disconnection nothing is confirmed, everything is still wanted")
    func disconnects() throws {
        var table = SubscriptionTable()
        let (a, counter) = (try room("a"), Counter())
        subscribe(&table, a, counter)
        #expect(answer(&table, a, isSubscription: true))
        subscribe(&table, try room("b"), counter)
        table.disconnected()
        #expect(table.questionCount == 0)
        #expect(table.entries.count == 2)
        guard case .wait = table.want(a, confirmed: { counter.count += 1 }) else {
            return #expect(Bool(false))
        }
        table.asked(table.entry(of: a).map { [$0] } ?? [], isSubscription: true)
        #expect(answer(&table, a, isSubscription: true))
        #expect(counter.count == 2)
    }

    @Test("a round renews everything wanted once, and nothing that was taken back")
    func renews() throws {
        var table = SubscriptionTable()
        for index in 0..<10 { subscribe(&table, try room("r\(index)"), Counter()) }
        unsubscribe(&table, try room("r3"))
        let renewed = (0..<4).flatMap { _ in table.nextRenewals(rounds: 4) }
        #expect(Set(renewed.compactMap { $0.room?.name.description }).count == 9)
        #expect(renewed.count >= 9 && renewed.count <= 12)
        #expect(table.nextRenewals(rounds: 1).count == 9)
    }
}
