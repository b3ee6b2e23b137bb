import ArchiveContract
import Chat
import ChatProtocol
import Testing
import Time

/// The memory archive as the contract needs it: a restart takes nothing from it.
private final class MemoryHarness: ArchiveHarness {
    private let archive = MemoryArchive(generation: ArchiveGeneration(number: 7)) {
        WallTime(milliseconds: 1_700_000_000_000)
    }
    private var endpoints: [MemoryArchiveEndpoint] = []

    func endpoint() -> any Archive {
        let endpoint = MemoryArchiveEndpoint(of: archive)
        endpoints.append(endpoint)
        return endpoint
    }

    func run(until isDone: () -> Bool) {
        while !isDone(), endpoints.contains(where: { !$0.isIdle }) {
            for endpoint in endpoints { endpoint.deliver() }
        }
    }

    func restart() { endpoints = [] }

    func beginGeneration() {
        endpoints = []
        archive.newGeneration()
    }
}

@Suite("The archive in memory as a port")
struct MemoryArchiveEndpointTests {
    @Test("it keeps the archive's contract", arguments: ArchiveContract.cases)
    func keepsTheContract(_ rule: ArchiveCase) throws { try rule.check(MemoryHarness()) }

    @Test("what a completion asks waits for the next delivery")
    func completionsMayAsk() throws {
        let endpoint = MemoryArchiveEndpoint(
            of: MemoryArchive(generation: ArchiveGeneration(number: 1)) { WallTime(milliseconds: 0) })
        let room = RoomKey(tenant: .default, name: RoomName("lobby"))
        var answers = 0
        endpoint.open(room, tail: 0, tailBytes: 0) { _ in
            answers += 1
            endpoint.open(room, tail: 0, tailBytes: 0) { _ in answers += 1 }
        }
        endpoint.deliver()
        #expect(answers == 1 && !endpoint.isIdle)
        endpoint.deliver()
        #expect(answers == 2 && endpoint.isIdle)
    }
}
