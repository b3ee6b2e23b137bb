import JSON
import Networking
import Time

/// Reads every room's whole history from every instance by REST, and holds it against what was sent and
/// shown. One room at a time, so that one archive is in memory.
final class Prover: TimerHandler {
    private static let pageLimit = 1000
    private static let patience: Duration = .seconds(60)

    /// Rooms done.
    private(set) var provenRooms = 0
    /// Rows compared, all instances together.
    private(set) var rowCount = 0
    /// What subscribers were shown and the archive confirms.
    private(set) var deliveryCount = 0

    private let plays: [RoomPlay]
    private let stage: Stage
    private let done: () -> Void
    private var target = 0
    private var rows: [RoomProof.Row] = []
    private var epoch = ""
    private var proof: RoomProof?
    private var givesUpAt: Instant

    /// `done` is called when all are proven.
    init(_ plays: [RoomPlay], of stage: Stage, done: @escaping () -> Void) {
        self.plays = plays
        self.stage = stage
        self.done = done
        givesUpAt = stage.loop.now + Self.patience
    }

    /// Begins.
    func run() { ask() }

    private var play: RoomPlay { plays[provenRooms] }

    private func ask() {
        guard provenRooms < plays.count else { return done() }
        let request = RESTRequest.history(
            host: stage.options.targets[target].host, room: play.name,
            token: stage.options.tokens.map { $0[play.users[0].name] ?? "" }, after: rows.last?.offset ?? 0,
            limit: Self.pageLimit)
        stage.desk.request(target, request) { [self] in answered($0) }
    }

    private func answered(_ result: Result<ResponseReader.Response, RESTFailure>) {
        switch result {
        case .failure(let failure): again(failure.sentence)
        case .success(let response):
            guard response.status == 200 else {
                return again("\(response.status) \(String(decoding: response.body, as: UTF8.self))")
            }
            do throws(JSONError) {
                var reader = JSONReader()
                let page = try RoomAnswer(&reader, in: response.body.span)
                take(page)
            } catch {
                again("a page that cannot be read: \(error)")
            }
        }
    }

    /// The instance may be on its way up again.
    private func again(_ why: String) {
        guard stage.loop.now > givesUpAt else {
            _ = stage.loop.schedule(self, at: stage.loop.now + .milliseconds(500))
            return
        }
        let url = stage.options.targets[target].url
        stage.tally.violations.add(.late, "\(play.label): \(url) does not give its history: \(why)")
        next()
    }

    func timerFired(token: Int) { ask() }

    private func take(_ page: RoomAnswer) {
        givesUpAt = stage.loop.now + Self.patience
        epoch = page.epoch
        for publication in page.publications {
            let draft = stage.draft(publication.clientId)
            rows.append(
                RoomProof.Row(
                    offset: publication.offset,
                    draft: draft.flatMap { stage.ledger.drafts[$0].room == play.room ? $0 : nil },
                    user: publication.user, body: publication.body, whole: publication.whole,
                    time: publication.time))
        }
        if page.more, !page.publications.isEmpty { return ask() }
        rowCount += rows.count
        compare()
        next()
    }

    private func compare() {
        if let proof {
            let url = stage.options.targets[target].url
            return proof.checkInstance(rows, epoch: epoch, url: url, &stage.tally.violations)
        }
        let corpus = stage.corpus.rooms[play.room]
        let numbers = corpus.talkers.flatMap(\.messages)
        let first = RoomProof(
            room: play.label, drafts: numbers.map { ($0, stage.ledger.drafts[$0]) },
            users: corpus.talkers.map(\.user), rows: rows, epoch: epoch)
        proof = first
        first.checkArchive(&stage.tally.violations)
        for user in play.users {
            first.check(
                RoomProof.Subscriber(
                    name: user.name, firstPosition: user.view.firstPosition, entries: user.view.entries),
                &stage.tally.violations)
            deliveryCount += user.view.entries.count
            user.view.release()
        }
    }

    private func next() {
        rows = []
        epoch = ""
        target += 1
        if target == stage.options.targets.count {
            target = 0
            proof = nil
            provenRooms += 1
        }
        givesUpAt = stage.loop.now + Self.patience
        ask()
    }
}
