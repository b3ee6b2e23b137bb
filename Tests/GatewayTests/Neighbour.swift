import TestKit
import Testing

@testable import Gateway

/// A well-behaved session beside a troublemaker on the one worker: it must not notice.
final class Neighbour {
    private let client: TestClient
    private var said: Int64 = 0

    init(of gateway: TestGateway) throws {
        client = try gateway.client("neighbour", rooms: #"[{"room":"quiet","events":[]}]"#)
    }

    /// It says something, is answered and hears it, and nothing else came.
    func isUndisturbed() throws {
        said += 1
        let stored = try client.ask("publish", #"{"room":"quiet","clientId":"q\#(said)","body":\#(said)}"#)
        #expect(stored["offset"] == .number(said))
        let heard = try client.message()["publication"]
        #expect(heard?["offset"] == .number(said) && heard?["body"] == .number(said))
        let pong = try client.ask("ping", "{}")
        #expect(pong["time"]?.number != nil)
    }
}
