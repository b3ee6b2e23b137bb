import ArchiveThread
import Chat
import ChatProtocol
import Networking
import Testing
import Time

/// The endpoint alone, with the test in the place of the archive's thread.
@Suite("an archive's endpoint: what is asked travels with its owner, and is answered once")
struct ArchiveEndpointTests {
    @Test("drafts settle in pieces, each told once; an answer to nobody is dropped")
    func settlements() throws {
        let stage = try Stage()
        var told: [[Settlement]] = []
        stage.endpoint.append([draft(1), draft(2)]) { told.append($0) }
        guard case .append(let owner, let drafts)? = try stage.asked().first else {
            return #expect(Bool(false), "no append was asked for")
        }
        #expect(drafts.map(\.token) == [1, 2])
        #expect(owner.endpoint == 7)
        let settlements = [1, 2].map { Settlement(token: $0, outcome: .refused) }
        for settlement in settlements {
            stage.endpoint.answers.post(.settled(request: owner.request, [settlement]))
        }
        stage.endpoint.answers.post(.settled(request: owner.request, settlements))
        try stage.loop.turn()
        #expect(told == settlements.map { [$0] })
    }

    @Test("what the archive says unasked reaches the worker, and a worker can ask for a closer watch")
    func news() throws {
        let stage = try Stage()
        stage.endpoint.answers.post(.news(.compare))
        stage.endpoint.answers.post(.news(.clusterKey([1, 2, 3])))
        try stage.loop.turn()
        #expect(stage.log.news == [.compare, .clusterKey([1, 2, 3])])
        stage.endpoint.watchClosely(true)
        guard case .watchClosely(let endpoint, let closely)? = try stage.asked().first else {
            return #expect(Bool(false), "no closer watch was asked for")
        }
        #expect(endpoint == 7 && closely)
    }

    @Test("when the thread has ended all that waits is answered, and what is asked later too")
    func closed() throws {
        let stage = try Stage()
        var (outcomes, failures): ([AppendOutcome], Int) = ([], 0)
        func ask() {
            stage.endpoint.append([draft(1)]) { outcomes += $0.map(\.outcome) }
            stage.endpoint.heads(of: []) { if case .failure = $0 { failures += 1 } }
        }
        ask()
        stage.endpoint.answers.post(.closed)
        try stage.loop.turn()
        #expect(outcomes == [.unavailable])
        #expect(failures == 1)
        ask()
        #expect(outcomes.count == 1, "it was answered inside the call")
        while failures < 2 { try stage.loop.turn() }
        #expect(outcomes == [.unavailable, .unavailable])
    }

    private func draft(_ token: UInt64) -> Draft {
        guard let room = try? RoomName("a"), let user = try? UserID("u"), let id = try? ClientID("c\(token)")
        else { preconditionFailure("these are names") }
        return Draft(
            token: token, room: RoomKey(tenant: .default, name: room), user: user, name: nil, clientID: id,
            body: Array("1".utf8))
    }
}

/// A loop on which both ends live.
private final class Stage {
    let loop: EventLoop
    let log = RequestLog()
    let endpoint: ArchiveEndpoint

    init() throws {
        loop = try EventLoop()
        let requests = try MailboxReceiver(on: loop, handler: log).mailbox
        endpoint = try ArchiveEndpoint(7, on: loop, requests: requests) { [log] in log.news.append($0) }
    }

    deinit { loop.dismantle() }

    /// What the endpoint asked for, once it arrives.
    func asked() throws -> [ArchiveRequest] {
        while log.requests.isEmpty { try loop.turn() }
        return log.requests
    }
}

private final class RequestLog: MailboxHandler {
    var requests: [ArchiveRequest] = []
    var news: [ArchiveNews] = []

    func received(_ messages: [ArchiveRequest]) { requests += messages }
}
