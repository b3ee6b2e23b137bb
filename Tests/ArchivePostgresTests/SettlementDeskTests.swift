import ArchiveThread
import Chat
import ChatProtocol
import Networking
import Testing
import Time

@testable import ArchivePostgres

@Suite("Who is told what became of drafts")
struct SettlementDeskTests {
    private let start = Instant(nanoseconds: 0)

    @Test("a draft's time is over ten seconds after it came, and when it is settled")
    func expires() throws {
        let desk = SettlementDesk(meter: ArchiveMeter())
        let items = desk.accept(
            try drafts(1...2), RequestOwner(endpoint: 1, request: 1), at: start)
        #expect(!desk.isExpired(items[0], at: start + .milliseconds(9999)))
        #expect(desk.isExpired(items[0], at: start + .seconds(10)))
        desk.giveUp([items[0]])
        #expect(!desk.isEmpty && !desk.isExpired(items[1], at: start))
        desk.giveUp([items[1]])
        #expect(desk.isEmpty && desk.isExpired(items[1], at: start))
    }

    @Test("what is too much is unavailable at once, and it is the end that is")
    func bounds() throws {
        let meter = ArchiveMeter()
        let desk = SettlementDesk(meter: meter)
        let large = try drafts(1...40, bodyBytes: 1024 * 1024)
        let kept = desk.accept(large, RequestOwner(endpoint: 1, request: 1), at: start)
        #expect(kept.map(\.draft.token) == Array(1...32))
        #expect(meter.statistics.unavailable == 8)
        #expect(desk.accept(try drafts(50...50), RequestOwner(endpoint: 1, request: 2), at: start).isEmpty)
        desk.giveUp(kept)
        #expect(desk.isEmpty)
        let many = try drafts(1...65_540)
        #expect(desk.accept(many, RequestOwner(endpoint: 1, request: 3), at: start).count == 65_536)
    }

    @Test("each owner is told of his own drafts, in one message a request")
    func settles() throws {
        let harness = try Answers()
        let desk = SettlementDesk(meter: ArchiveMeter())
        desk.add(1, harness.mailbox)
        let first = desk.accept(try drafts(1...2), RequestOwner(endpoint: 1, request: 1), at: start)
        let second = desk.accept(try drafts(1...1), RequestOwner(endpoint: 1, request: 2), at: start)
        desk.settle([first[0], second[0], first[1]], [.refused, .unavailable, .clientIdReused])
        try harness.loop.turn()
        let told = harness.settled
        #expect(told.map(\.request) == [1, 2])
        #expect(told[0].settlements.map(\.outcome) == [.refused, .clientIdReused])
        #expect(told[1].settlements == [Settlement(token: 1, outcome: .unavailable)])
    }
}

private final class Answers: MailboxHandler {
    let loop: EventLoop
    private var receiver: MailboxReceiver<ArchiveAnswer>?
    private(set) var settled: [(request: UInt64, settlements: [Settlement])] = []

    init() throws {
        loop = try EventLoop()
        receiver = try MailboxReceiver(on: loop, handler: self)
    }

    var mailbox: Mailbox<ArchiveAnswer> { receiver!.mailbox }

    func received(_ messages: [ArchiveAnswer]) {
        for message in messages {
            if case .settled(let request, let settlements) = message {
                settled.append((request, settlements))
            }
        }
    }
}
