import Networking
import Time

/// One room while it is played: its users, and when it is over.
final class RoomPlay: TimerHandler {
    /// How long everybody stays after the last publication, so that one too many would be seen.
    private static let grace: Duration = .milliseconds(300)

    /// Index into the corpus's rooms.
    let room: Int
    /// On the server.
    let name: String
    /// The same as bytes.
    let nameBytes: [UInt8]
    /// In the files.
    let label: String
    /// Talkers first, in the order of the corpus, then listeners.
    private(set) var users: [User] = []
    /// Whether every draft is settled.
    private(set) var isTalkDone = false
    /// Whether it is over.
    private(set) var isOver = false

    private let stage: Stage
    private var highest: Int64 = 0
    private var isEnding = false
    private let begun: Instant
    /// Between two messages of one talker, where a rate was asked for.
    private let interval: Duration

    /// The room with its users, none of them connected.
    init(_ room: Int, talkersAtATime: Int, of stage: Stage) {
        self.room = room
        self.stage = stage
        name = stage.name(ofRoom: room)
        nameBytes = Array(name.utf8)
        label = stage.corpus.rooms[room].name
        begun = stage.loop.now
        interval = stage.options.rate.map { .seconds(1) * (Double(talkersAtATime) / $0) } ?? .zero
        let talkers = stage.corpus.rooms[room].talkers
        users = talkers.enumerated().map { ordinal, talker in
            User(
                talker.user, ordinal: ordinal, in: self, drafts: talker.messages, isListener: false, of: stage
            )
        }
        for number in 0..<stage.options.listeners {
            let user = User(
                "listener-\(number)", ordinal: number, in: self, drafts: [], isListener: true, of: stage)
            users.append(user)
        }
    }

    /// How many talk.
    var talkerCount: Int { users.count - stage.options.listeners }

    /// Lets everybody in.
    func start() {
        for user in users {
            user.start()
            user.pump()
        }
    }

    /// When a talker's draft should leave.
    func due(_ number: Int, of user: User) -> Instant {
        begun + interval * (Double(number) + Double(user.ordinal) / Double(max(1, talkerCount)))
    }

    /// A draft is stored there.
    func acknowledged(at offset: Int64) { highest = max(highest, offset) }

    /// Something happened that may have ended it.
    func changed() {
        guard !isOver, !isEnding else { return }
        if !isTalkDone { isTalkDone = users.allSatisfy { $0.hasSaidAll || $0.phase == .gone } }
        guard isTalkDone, behind.isEmpty else { return }
        isEnding = true
        _ = stage.loop.schedule(self, at: stage.loop.now + Self.grace)
    }

    /// Who has not seen everything that was acknowledged.
    var behind: [User] {
        users.filter { $0.phase != .gone && !($0.view.isLive && $0.view.offset >= highest) }
    }

    func timerFired(token: Int) { end() }

    /// Sends everybody home.
    func end() {
        guard !isOver else { return }
        isOver = true
        for user in users { user.leave() }
        stage.replay?.ended(self)
    }
}
