import Glibc
import Networking
import Time

/// One whole replay: admits rooms, waits for their ends, then has every room proven.
final class Replay: TimerHandler {
    private enum Alarm: Int { case tick, limit }

    let stage: Stage
    /// When the first user was let in, and when the last one left.
    private(set) var begun: Instant
    private(set) var talked: Duration?
    /// What came out; nil before the end.
    private(set) var result: ReplayResult?

    private var waiting: [Int]
    private var playing: [RoomPlay] = []
    /// Rooms whose users have left, in the order of the corpus.
    private var played: [RoomPlay] = []
    private let progress: Progress?
    private var prover: Prover?
    private var limitTimer: TimerID?

    /// A replay of `corpus`; nothing happens before `run`.
    init(_ corpus: Corpus, _ options: Options, on loop: EventLoop) {
        stage = Stage(corpus, options, on: loop)
        begun = loop.now
        waiting = Array(corpus.rooms.indices)
        progress = options.progress ? Progress() : nil
    }

    /// Plays, proves, and returns what came out.
    func run() throws(SystemError) -> ReplayResult {
        stage.replay = self
        begun = Clock.instant
        let limit = begun + .seconds(stage.options.secondsLimit)
        limitTimer = stage.loop.schedule(self, token: Alarm.limit.rawValue, at: limit)
        _ = stage.loop.schedule(self, token: Alarm.tick.rawValue, at: begun)
        admit()
        while result == nil { try stage.loop.turn() }
        progress?.clear()
        return result!
    }

    /// A room's users have left.
    func ended(_ play: RoomPlay) {
        playing.removeAll { $0 === play }
        played.append(play)
        for user in play.users {
            for fault in user.view.faults {
                stage.tally.violations.add(fault.kind, "\(play.label): \(user.name) \(fault.sentence)")
            }
        }
        admit()
        if playing.isEmpty, waiting.isEmpty { prove() }
    }

    func timerFired(token: Int) {
        switch Alarm(rawValue: token) {
        case .tick: tick()
        case .limit: giveUp()
        case nil: break
        }
    }

    /// Lets rooms in as long as their talkers stay within the number of users; one always is.
    private func admit() {
        while let room = waiting.first {
            let talkers = stage.corpus.rooms[room].talkers.count
            let present = playing.reduce(0) { $0 + $1.talkerCount }
            guard playing.isEmpty || present + talkers <= stage.options.users else { return }
            waiting.removeFirst()
            let all = stage.corpus.rooms.reduce(0) { $0 + $1.talkers.count }
            let play = RoomPlay(room, talkersAtATime: min(all, stage.options.users), of: stage)
            playing.append(play)
            play.start()
        }
    }

    private func tick() {
        guard result == nil else { return }
        for play in playing { for user in play.users { user.tick() } }
        progress?.show(self)
        _ = stage.loop.schedule(self, token: Alarm.tick.rawValue, at: stage.loop.now + .milliseconds(250))
    }

    /// Time is over: what is not done is told, and the rest is proven.
    private func giveUp() {
        guard talked == nil else { return }
        let seconds = stage.options.secondsLimit
        for room in waiting {
            stage.tally.violations.add(
                .late, "\(stage.corpus.rooms[room].name): not begun after \(seconds) s")
        }
        waiting = []
        for play in playing {
            let open = play.users.filter { !$0.hasSaidAll }.count
            stage.tally.violations.add(
                .late,
                "\(play.label): after \(seconds) s \(open) talkers have unanswered drafts and"
                    + " \(play.behind.count) subscribers have not seen everything")
            play.end()
        }
    }

    private func prove() {
        guard talked == nil else { return }
        talked = stage.loop.now - begun
        if let limitTimer { stage.loop.cancel(limitTimer) }
        for play in played { checkInterleaving(play) }
        prover = Prover(played.sorted { $0.room < $1.room }, of: stage) { [self] in finish() }
        prover?.run()
    }

    /// Of a room that was talked about at length every instance must have acknowledged something in between.
    private func checkInterleaving(_ play: RoomPlay) {
        let drafts = stage.corpus.rooms[play.room].talkers.reduce(0) { $0 + $1.messages.count }
        guard stage.options.targets.count > 1, drafts >= 100, stage.ledger.alternations[play.room] == 0
        else { return }
        stage.tally.violations.add(
            .interleaving, "\(play.label): all \(drafts) acknowledgements came from one instance")
    }

    private func finish() {
        result = ReplayResult(
            self, seconds: talked ?? .zero, provenRows: prover?.rowCount ?? 0,
            provenDeliveries: prover?.deliveryCount ?? 0)
    }

    /// For the bar: how many rooms are proven, once they are.
    var provenRooms: Int? { prover?.provenRooms }
}
