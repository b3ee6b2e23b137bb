import Chat
import ChatProtocol
import TestKit

/// REST calls under way: each is answered once, or never when its hub crashes.
final class RestDesk {
    private unowned let world: Simulator
    private var lastRequest: RequestID = 0
    private var waiting: [RequestID: (Reply) -> Void] = [:]

    init(world: Simulator) { self.world = world }

    /// Publishes by REST through that hub; `answered` runs when and if an answer comes.
    func publish(
        _ publish: Publish, as caller: Caller, through hub: SimulatedHub, answered: @escaping (Reply) -> Void
    ) {
        lastRequest += 1
        let id = lastRequest
        waiting[id] = answered
        world.after(microseconds: world.random.number(in: 200...3_000)) {
            hub.feed(.request(id, caller, .publish(publish)))
        }
    }

    /// The hub's answer.
    func respond(_ id: RequestID, _ reply: Reply) {
        guard let answered = waiting.removeValue(forKey: id) else {
            return world.fail("REST call \(id) is answered twice")
        }
        world.after(microseconds: world.random.number(in: 200...3_000)) { answered(reply) }
    }
}
