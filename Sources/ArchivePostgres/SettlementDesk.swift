import ArchiveThread
import Chat
import Networking
import Time

/// What was accepted and is not settled yet: when it came, whose it is, and how much of it there is. Tells
/// the endpoints what became of their drafts.
final class SettlementDesk {
    /// How much may wait in all lanes together; more is answered `unavailable` at once.
    private enum Limit {
        static let draftBytes = 32 * 1024 * 1024
        static let drafts = 65_536
    }

    private struct Request {
        let owner: RequestOwner
        let arrival: Instant
        var unsettled: Int
    }

    /// How long a draft is tried.
    static let patience = Duration.seconds(10)

    private let meter: ArchiveMeter
    private var endpoints: [UInt64: Mailbox<ArchiveAnswer>] = [:]
    private var requests: [UInt64: Request] = [:]
    private var drafts = 0
    private var draftBytes = 0

    init(meter: ArchiveMeter) { self.meter = meter }

    /// Whether nothing waits for a settlement.
    var isEmpty: Bool { drafts == 0 }

    func add(_ endpoint: UInt64, _ mailbox: Mailbox<ArchiveAnswer>) { endpoints[endpoint] = mailbox }

    func post(_ answer: ArchiveAnswer, to endpoint: UInt64) { endpoints[endpoint]?.post(answer) }

    func postToAll(_ answer: ArchiveAnswer) { for endpoint in endpoints.values { endpoint.post(answer) } }

    /// Accepts drafts that came at `now`; what is too much is settled at once and is not among the items.
    func accept(_ new: [Draft], _ owner: RequestOwner, at now: Instant) -> [BatchBuilder.Item] {
        let items = new.map { BatchBuilder.Item(draft: $0, owner: owner.number) }
        requests[owner.number] = Request(owner: owner, arrival: now, unsettled: items.count)
        drafts += items.count
        draftBytes += items.reduce(0) { $0 + $1.draft.body.count }
        var (count, bytes) = (drafts, draftBytes)
        // From the end: what is accepted must be the beginning, for the order's sake.
        var kept = items.count
        while kept > 0, count > Limit.drafts || bytes > Limit.draftBytes {
            kept -= 1
            count -= 1
            bytes -= items[kept].draft.body.count
        }
        if kept < items.count { giveUp(Array(items[kept...])) }
        return Array(items[..<kept])
    }

    /// Whether a draft's time is over.
    func isExpired(_ item: BatchBuilder.Item, at now: Instant) -> Bool {
        requests[item.owner].map { now - $0.arrival >= Self.patience } ?? true
    }

    /// Not known to be stored, and not tried any more.
    func giveUp(_ items: [BatchBuilder.Item]) {
        meter.gaveUp(items.count)
        settle(items, Array(repeating: .unavailable, count: items.count))
    }

    /// Tells the owners what became of their drafts.
    func settle(_ items: [BatchBuilder.Item], _ outcomes: [AppendOutcome]) {
        var settlements: [UInt64: [Settlement]] = [:]
        var owners: [UInt64] = []
        for (item, outcome) in zip(items, outcomes) {
            if settlements[item.owner] == nil { owners.append(item.owner) }
            settlements[item.owner, default: []].append(
                Settlement(token: item.draft.token, outcome: outcome))
            draftBytes -= item.draft.body.count
        }
        drafts -= items.count
        var answers: [UInt64: [ArchiveAnswer]] = [:]
        for number in owners {
            guard let owner = requests[number]?.owner, let settled = settlements[number] else { continue }
            answers[owner.endpoint, default: []].append(.settled(request: owner.request, settled))
            requests[number]!.unsettled -= settled.count
            if requests[number]!.unsettled == 0 { requests[number] = nil }
        }
        for (endpoint, answers) in answers { endpoints[endpoint]?.post(contentsOf: answers) }
    }
}
