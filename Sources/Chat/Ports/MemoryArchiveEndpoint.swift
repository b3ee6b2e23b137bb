package import ChatProtocol

/// A `MemoryArchive` as one worker's `Archive`: what is asked waits until `deliver`, as it would for a disk.
package final class MemoryArchiveEndpoint: Archive {
    private let archive: MemoryArchive
    private var waiting: [() -> Void] = []

    /// An endpoint of that archive; several may share one.
    package init(of archive: MemoryArchive) { self.archive = archive }

    /// Whether nothing waits for `deliver`.
    package var isIdle: Bool { waiting.isEmpty }

    /// Does what was asked before this call, in that order, and calls each completion.
    package func deliver() {
        let work = waiting
        waiting = []
        for step in work { step() }
    }

    package func append(_ drafts: [Draft], completion: @escaping ([Settlement]) -> Void) {
        waiting.append { [archive] in completion(archive.append(drafts)) }
    }

    package func open(
        _ room: RoomKey, tail: Int, tailBytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void
    ) {
        waiting.append { [archive] in
            completion(.success(archive.open(room, tail: tail, tailBytes: tailBytes)))
        }
    }

    package func read(
        _ room: RoomKey, _ range: PageRange, limit: Int, bytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void
    ) {
        waiting.append { [archive] in
            completion(.success(archive.read(room, range, limit: limit, bytes: bytes)))
        }
    }

    package func heads(
        of rooms: [RoomKey], completion: @escaping (Result<[RoomHead], ArchiveError>) -> Void
    ) {
        waiting.append { [archive] in completion(.success(archive.heads(of: rooms))) }
    }

    package func beginGeneration(after generation: ArchiveGeneration) {
        waiting.append { [archive] in archive.newGeneration(after: generation) }
    }

    package func remember(_ user: UserKey, in room: RoomName, joined: Bool) {
        waiting.append { [archive] in archive.remember(user, in: room, joined: joined) }
    }

    package func rooms(
        of user: UserKey, after: RoomName?, limit: Int,
        completion: @escaping (Result<RoomsPage, ArchiveError>) -> Void
    ) {
        waiting.append { [archive] in
            completion(.success(archive.rooms(of: user, after: after, limit: limit)))
        }
    }
}
