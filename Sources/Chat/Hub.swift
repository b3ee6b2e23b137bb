import ChatProtocol
import HeapModule
package import Time

/// All sessions and rooms of one worker: decides everything, does nothing.
///
/// It is told facts (`Input`) and answers with intentions (`Effect`); the same facts in the same order at the
/// same times give the same intentions. Start reading at `handle`; each command has a file in `Commands/`.
package final class Hub {
    let origin: OriginID
    let limits: Limits
    /// How fast a session may ask.
    let pace: TokenRate
    let rules: RoomRules
    let identity: IdentityRule
    let hasBroker: Bool

    /// Sessions by slot.
    var sessions: [Session?] = []
    var rooms: [RoomKey: Room] = [:]
    /// The same rooms in a list, so that nothing depends on a dictionary's order.
    var roomList: [Room] = []
    var timers = Heap<HubTimer>()
    var timerOrder: UInt64 = 0

    var drafts = DraftBook()
    var reads: [ReadID: PendingRead] = [:]
    var lastRead: ReadID = 0
    var lastSerial: UInt64 = 0
    /// Numbers our roster changes over all rooms, so that a room that closes and opens again never repeats
    /// one.
    var rosterCounter: Int64 = 0
    var ringBytes = RingAccount()
    /// What all rooms hold back.
    var heldCost = 0
    var draining: Draining?
    var statistics = HubStatistics()
    var brokerHealth: BrokerHealth
    var comparison = Comparison()
    /// The latest generation that the archive was asked to end.
    var doubted: ArchiveGeneration?

    /// The turn's time and what is to be done; meaningful inside `handle` and `advance` only.
    var now: Moment
    var effects: [Effect] = []

    /// What an archive read is for.
    enum PendingRead {
        case gap(Room, expected: Offset, isHinted: Bool)
        case joins(Room, after: Offset)
        case history(Asker, HistoryRequest)
        case rooms(Asker, RoomsRequest, Caller)
    }

    /// The way to an end: who is told, until when commits are waited for.
    struct Draining {
        var afterMs: Int
        var until: Instant
        var isOver = false
    }

    /// A hub with nobody in it, at that time.
    package init(_ configuration: HubConfiguration, at now: Moment) {
        origin = configuration.origin
        limits = configuration.limits
        pace = TokenRate(
            perSecond: limits.announced.messagesPerSecond, burst: limits.announced.messageBurst)
        rules = configuration.rules
        identity = configuration.identity
        hasBroker = configuration.hasBroker
        brokerHealth = BrokerHealth(isWell: configuration.hasBroker, since: now.instant)
        self.now = now
        set(.compare, at: now.instant + limits.compareInterval)
        set(.rosters, at: now.instant + limits.rosterInterval)
    }

    /// Takes a fact and adds what is to be done about it.
    package func handle(_ input: Input, at now: Moment, effects: inout [Effect]) {
        self.now = now
        swap(&self.effects, &effects)
        handle(input)
        swap(&self.effects, &effects)
    }

    /// When `advance` wants to be called next; nil when nothing is waited for.
    package var deadline: Instant? { timers.min?.due }

    /// Lets time pass: everything due by now is done.
    package func advance(to now: Moment, effects: inout [Effect]) {
        self.now = now
        swap(&self.effects, &effects)
        while let next = timers.min, next.due <= now.instant {
            timers.removeMin()
            fire(next.purpose)
        }
        swap(&self.effects, &effects)
    }

    /// What was counted so far.
    package var counted: HubStatistics {
        var copy = statistics
        copy.sessions = sessions.count { $0 != nil }
        copy.rooms = roomList.count
        copy.subscriptions = roomList.reduce(0) { $0 + $1.subscriptions.count }
        copy.pendingDrafts = drafts.count
        return copy
    }

    /// A drain was asked for, and nobody is left.
    package var isDrained: Bool { draining?.isOver == true }

    private func handle(_ input: Input) {
        switch input {
        case .opened(let key, let seed): open(key, seed)
        case .command(let key, let envelope): command(envelope, of: key)
        case .malformed(let key, let id, let error): malformed(id, error, of: key)
        case .undecodable(let key): disconnect(key, Disconnect(.badFrame))
        case .heard(let key): session(key)?.heardAt = now.instant
        case .congested(let key): congested(key)
        case .drained(let key): relieved(key)
        case .closed(let key): close(key)
        case .request(let id, let caller, let command): request(id, caller, command)
        case .settled(let settlements): for settlement in settlements { settle(settlement) }
        case .roomOpened(let key, let result): roomOpened(key, result)
        case .pageRead(let id, let result): pageRead(id, result)
        case .roomsListed(let id, let result): roomsListed(id, result)
        case .headsRead(let result): headsRead(result)
        case .moved(let heads): moved(heads)
        case .compare: compareAll()
        case .brokerTurned(let isWell): brokerTurned(isWell: isWell)
        case .verified(let key, let result): verified(key, result)
        case .subscribed(let key): subscribed(key)
        case .news(let news): heard(news)
        case .drain(let afterMs): drain(afterMs: afterMs)
        }
    }

    private func fire(_ purpose: HubTimer.Purpose) {
        switch purpose {
        case .connectTimeout(let key): checkConnect(key)
        case .heartbeat(let key): checkHeartbeat(key)
        case .expiry(let key): checkExpiry(key)
        case .slow(let key): checkSlow(key)
        case .subscribePatience(let room): readStateAtLast(of: room)
        case .gap(let room): checkGap(in: room)
        case .rosterBatch(let room): tellRoster(of: room)
        case .rosterGrace(let room): endGraces(in: room)
        case .linger(let room): closeIfEmpty(room)
        case .drafts: giveUpOldDrafts()
        case .compare: compareRegularly()
        case .compareAgain: compareAgain()
        case .rosters: repeatRosters()
        case .drained: finishDraining()
        }
    }

    func set(_ purpose: HubTimer.Purpose, at due: Instant) {
        timerOrder += 1
        timers.insert(HubTimer(due: due, order: timerOrder, purpose: purpose))
    }
}
