package import Chat
package import ChatProtocol
package import Networking

/// One worker's endpoint of an `ArchiveStore`: numbers what is asked, and calls the completion when the
/// answer comes. Confined to its worker's loop; what crosses to the archive's thread are values.
package final class ArchiveEndpoint: Archive {
    private let number: UInt64
    private let requests: Mailbox<ArchiveRequest>
    private let pending: PendingRequests
    private let receiver: MailboxReceiver<ArchiveAnswer>
    private var lastRequest: UInt64 = 0

    /// Endpoint `number` of the archive whose thread takes `requests`; `news` is told what the archive says
    /// unasked, on the loop.
    package init(
        _ number: UInt64, on loop: EventLoop, requests: Mailbox<ArchiveRequest>,
        news: @escaping (ArchiveNews) -> Void
    ) throws(SystemError) {
        self.number = number
        self.requests = requests
        pending = PendingRequests(news: news)
        receiver = try MailboxReceiver(on: loop, handler: pending)
    }

    deinit { receiver.close() }

    /// Where answers go.
    package var answers: Mailbox<ArchiveAnswer> { receiver.mailbox }

    package func append(_ drafts: [Draft], completion: @escaping ([Settlement]) -> Void) {
        guard !drafts.isEmpty else { return }
        let owner = nextOwner()
        pending.add(drafts, owner.request, completion)
        send(.append(owner: owner, drafts))
    }

    package func open(
        _ room: RoomKey, tail: Int, tailBytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void
    ) {
        let owner = nextOwner()
        pending.pages[owner.request] = completion
        send(.read(owner: owner, .open(room, tail: tail, tailBytes: tailBytes)))
    }

    package func read(
        _ room: RoomKey, _ range: PageRange, limit: Int, bytes: Int,
        completion: @escaping (Result<ArchivePage, ArchiveError>) -> Void
    ) {
        let owner = nextOwner()
        pending.pages[owner.request] = completion
        send(.read(owner: owner, .page(room, range, limit: limit, bytes: bytes)))
    }

    package func heads(
        of rooms: [RoomKey], completion: @escaping (Result<[RoomHead], ArchiveError>) -> Void
    ) {
        let owner = nextOwner()
        pending.heads[owner.request] = completion
        send(.read(owner: owner, .heads(rooms)))
    }

    package func beginGeneration(after generation: ArchiveGeneration) {
        send(.beginGeneration(after: generation))
    }

    package func remember(_ user: UserKey, in room: RoomName, joined: Bool) {
        let key = RoomKey(tenant: user.tenant, name: room)
        send(.remember(Membership(user: user.user, room: key), joined: joined))
    }

    package func rooms(
        of user: UserKey, after: RoomName?, limit: Int,
        completion: @escaping (Result<RoomsPage, ArchiveError>) -> Void
    ) {
        let owner = nextOwner()
        pending.rooms[owner.request] = completion
        send(.read(owner: owner, .rooms(user, after: after, limit: limit)))
    }

    /// Says whether this worker hears the other instances badly, or well again: while one hears badly, the
    /// archive looks for their moves more often.
    package func watchClosely(_ closely: Bool) { send(.watchClosely(endpoint: number, closely)) }

    private func nextOwner() -> RequestOwner {
        lastRequest += 1
        return RequestOwner(endpoint: number, request: lastRequest)
    }

    private func send(_ request: ArchiveRequest) {
        // Where the thread has ended, the endpoint tells itself so: completions never run inside the call.
        if pending.isClosed { answers.post(.closed) } else { requests.post(request) }
    }
}

/// What was asked and has no answer yet.
private final class PendingRequests: MailboxHandler {
    private struct Append {
        let completion: ([Settlement]) -> Void
        var tokens: Set<UInt64>
    }

    private(set) var isClosed = false
    private let news: (ArchiveNews) -> Void
    private var appends: [UInt64: Append] = [:]
    var pages: [UInt64: (Result<ArchivePage, ArchiveError>) -> Void] = [:]
    var heads: [UInt64: (Result<[RoomHead], ArchiveError>) -> Void] = [:]
    var rooms: [UInt64: (Result<RoomsPage, ArchiveError>) -> Void] = [:]

    init(news: @escaping (ArchiveNews) -> Void) { self.news = news }

    func add(_ drafts: [Draft], _ request: UInt64, _ completion: @escaping ([Settlement]) -> Void) {
        appends[request] = Append(completion: completion, tokens: Set(drafts.map(\.token)))
    }

    func received(_ messages: [ArchiveAnswer]) {
        for message in messages {
            switch message {
            case .settled(let request, let settlements): settle(request, settlements)
            case .page(let request, let page): pages.removeValue(forKey: request)?(page)
            case .heads(let request, let found): heads.removeValue(forKey: request)?(found)
            case .rooms(let request, let page): rooms.removeValue(forKey: request)?(page)
            case .news(let news): self.news(news)
            case .closed: close()
            }
        }
    }

    private func settle(_ request: UInt64, _ settlements: [Settlement]) {
        guard let append = appends[request] else { return }
        appends[request]!.tokens.subtract(settlements.map(\.token))
        if appends[request]!.tokens.isEmpty { appends[request] = nil }
        append.completion(settlements)
    }

    private func close() {
        isClosed = true
        let error = ArchiveError(reason: "the archive is closed")
        // What a completion asks is answered by the next `closed`, not in here.
        let (appends, pages, heads, rooms) = (appends, pages, heads, rooms)
        (self.appends, self.pages, self.heads, self.rooms) = ([:], [:], [:], [:])
        for append in appends.values {
            append.completion(append.tokens.map { Settlement(token: $0, outcome: .unavailable) })
        }
        for completion in pages.values { completion(.failure(error)) }
        for completion in heads.values { completion(.failure(error)) }
        for completion in rooms.values { completion(.failure(error)) }
    }
}
