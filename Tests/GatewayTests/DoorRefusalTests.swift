import HTTP1
import Testing

@testable import Gateway

@Suite("What those are told who are not let in")
struct DoorRefusalTests {
    @Test(
        "429 for what an address does, 503 for what the process cannot; a sentence, and when to come back",
        arguments: [
            (DoorLimit.connections, 503), (.connectionsPerAddress, 429), (.handshakes, 503),
            (.handshakesPerAddress, 429),
        ])
    func answers(_ limit: DoorLimit, _ status: Int) {
        let refusal = DoorRefusal(limit: limit, retryAfterSeconds: 3)
        #expect(refusal.response.status.code == status)
        #expect(refusal.response.fields["Retry-After"] == "3")
        #expect(refusal.response.fields["Content-Type"] == "text/plain; charset=utf-8")
        let text = String(decoding: refusal.response.body, as: UTF8.self)
        #expect(text.hasSuffix(".\n") && text.contains("come back"))
        #expect(refusal.hint.contains("proxies.trusted") == (status == 429))
    }
}
