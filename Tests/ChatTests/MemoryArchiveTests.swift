import Chat
import ChatProtocol
import Testing
import Time

@Suite("The archive in memory: what the port does not show")
struct MemoryArchiveTests {
    private let archive = MemoryArchive(generation: ArchiveGeneration(number: 3)) {
        WallTime(milliseconds: 5)
    }
    private let room: RoomKey

    init() throws { room = RoomKey(tenant: .default, name: RoomName("lobby")) }

    private func append(_ ids: ClosedRange<Int>) throws -> [AppendOutcome] {
        let drafts = try ids.map {
            Draft(
                token: UInt64($0), room: room, user: UserID("ann"), name: nil,
                clientID: try ClientID("c\($0)"),
                body: Array("\($0)".utf8))
        }
        return archive.append(drafts).map(\.outcome)
    }

    @Test("a trimmed room keeps its offsets and forgets the client ids")
    func trims() throws {
        _ = try append(1...5)
        archive.trim(room, below: 4)
        let page = archive.read(room, .after(0), limit: 10, bytes: .max)
        #expect(page.state.first == 4 && page.state.head == 5)
        #expect(page.publications.compactMap(\.position?.offset) == [4, 5])
        #expect(archive.read(room, .before(4), limit: 10, bytes: .max).publications.isEmpty)
        guard case .stored(let position, _) = try append(1...1)[0] else { return #expect(Bool(false)) }
        #expect(position.offset == 6)
    }

    @Test("a room trimmed to nothing begins after its head; trimming below its beginning does nothing")
    func trimsAll() throws {
        _ = try append(1...2)
        archive.trim(room, below: 9)
        archive.trim(room, below: 1)
        let state = archive.open(room, tail: 5, tailBytes: .max).state
        #expect(state.first == 3 && state.head == 2)
        #expect(archive.read(room, .after(0), limit: 1, bytes: 1).publications.isEmpty)
    }

    @Test("a put-back backup has lost what came after it, and shows it only through a new generation")
    func restores() throws {
        _ = try append(1...2)
        let backup = archive.snapshot()
        _ = try append(3...4)
        archive.restore(backup)
        #expect(archive.open(room, tail: 0, tailBytes: 0).state.head == 2)
        #expect(archive.generation == ArchiveGeneration(number: 3))
        archive.newGeneration()
        let state = archive.open(room, tail: 0, tailBytes: 0).state
        #expect(state.forks.last == Fork(generation: ArchiveGeneration(number: 4), first: 3))
    }

    @Test("a generation is never used twice, also where a backup is put back twice")
    func generationsAreNew() throws {
        let backup = archive.snapshot()
        archive.newGeneration()
        archive.restore(backup)
        archive.newGeneration()
        #expect(archive.generation == ArchiveGeneration(number: 5))
    }
}
