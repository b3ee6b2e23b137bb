import Networking
import Testing

@testable import Gateway

@Suite("ConnectionID: a connection's name, and its end, in the log")
struct ConnectionIDTests {
    @Test("worker and number, short")
    func isShort() {
        #expect(ConnectionID(worker: 3, number: 71).description == "3-1z")
    }

    @Test("every end has words of its own")
    func tellsEnds() {
        let ends: [ConnectionEnd] = [
            .finished, .lingeredTooLong, .layerFailed, .aborted, .peerGone, .failed(SystemError("recv", 104)),
        ]
        #expect(Set(ends.map(\.word)).count == ends.count)
        #expect(ends.last?.word.hasPrefix("recv: ") == true)
    }
}
