import Testing
import WebSocket

@Suite("RFC 6455 §7.4.1 what a broken rule closes with")
struct WebSocketErrorTests {
    @Test(
        "every error has a sentence that fits a close frame beside its code (§5.5)",
        arguments: WebSocketError.allCases)
    func isTold(_ error: WebSocketError) {
        #expect(error.sentence.hasSuffix("."))
        #expect(error.sentence.utf8.count <= 123)
        #expect(error.closeCode.mayTravel)
    }

    @Test("no text or deflate is 1007, too big 1009, too slow or too many 1008, every other broken rule 1002")
    func closeCodes() {
        let policies: Set<WebSocketError> = [
            .messageTooSlow, .tooManyControls, .tooMuchInflated,
        ]
        let others = Set(WebSocketError.allCases).subtracting([
            .invalidUTF8, .malformedCompression, .messageTooBig,
        ]).subtracting(policies)
        #expect(Set(policies.map(\.closeCode.rawValue)) == [1008])
        #expect(WebSocketError.invalidUTF8.closeCode.rawValue == 1007)
        #expect(WebSocketError.malformedCompression.closeCode.rawValue == 1007)
        #expect(WebSocketError.messageTooBig.closeCode.rawValue == 1009)
        #expect(Set(others.map(\.closeCode.rawValue)) == [1002])
    }
}
