import ChatProtocol
import Time

/// One room on one worker: who is subscribed, how far it has come, who is here.
final class Room {
    let key: RoomKey
    let kind: RoomKind
    /// The place in the hub's list of rooms.
    var place = 0
    /// Where a stored room is; meaningless in an ephemeral one.
    var sequence: RoomSequence
    var roster = Roster()

    private(set) var subscriptions: [Subscription] = []
    private var places: [SessionKey: Int] = [:]
    /// Who gets publications at once.
    private(set) var live: [SessionKey] = []
    /// Subscriptions that declined some kind of push.
    private var declining = 0

    /// Joins that wait until the room is open, or its state read again.
    var waiting: [JoinEntry] = []
    /// Joins that wait for the page after an offset: one read serves them all.
    var pageWaiters: [Offset: [JoinEntry]] = [:]
    /// The epoch changed since the last publication was told.
    var announcesEpoch = false

    /// What the room is about to learn from the archive.
    var isSubscribed = false
    var isReadingState = false
    /// The archive did not answer when the room was to open: the next join asks again.
    var hasFailedToOpen = false
    var gapRead: ReadID?
    /// When the archive will be asked for what is missing.
    var gapDue: Instant?
    /// Something is missing, and was counted.
    var isInGap = false
    var gapFailures = 0
    /// The state that is being read was asked for after the room paused, so it can be believed.
    var isReadAfterPause = false
    /// Where the room was when its head was first asked for in this round.
    var comparedAt: Offset = 0
    var compareRound = 0
    /// When its subscription was last asked for again.
    var renewedAt: Instant?
    /// Joins whose position is ahead of this worker: they wait until it has come as far.
    var ahead: [JoinEntry] = []
    var isRosterTimerSet = false
    var isGraceTimerSet = false
    var emptySince: Instant?
    /// What the hub counted for this room's ring.
    var countedRingBytes = 0
    /// What the hub counted for what this room holds back.
    var countedHeldCost = 0
    /// Something happened here since the memory for rings was last swept.
    var isWarm = true

    init(key: RoomKey, kind: RoomKind, limits: Limits) {
        self.key = key
        self.kind = kind
        sequence = RoomSequence(limits: limits)
    }

    var name: RoomName { key.name }
    var isOpen: Bool { kind == .ephemeral || sequence.state != nil }
    /// Positions can be judged now.
    var isSettled: Bool { isOpen && !isReadingState && !sequence.isPaused }

    func subscription(of session: SessionKey) -> Subscription? {
        places[session].map { subscriptions[$0] }
    }

    /// Adds the session, or lets it join anew.
    func add(_ subscription: Subscription) {
        if let place = places[subscription.session] {
            leaveLive(place)
            declining -= subscriptions[place].events == .all ? 0 : 1
            subscriptions[place] = subscription
        } else {
            places[subscription.session] = subscriptions.count
            subscriptions.append(subscription)
        }
        declining += subscription.events == .all ? 0 : 1
    }

    /// Removes the session; nil when it was not here.
    func remove(_ session: SessionKey) -> Subscription? {
        guard let place = places.removeValue(forKey: session) else { return nil }
        leaveLive(place)
        let gone = subscriptions[place]
        declining -= gone.events == .all ? 0 : 1
        let last = subscriptions.removeLast()
        if place < subscriptions.count {
            subscriptions[place] = last
            places[last.session] = place
        }
        return gone
    }

    /// From now on the session gets every publication at once.
    func goLive(_ session: SessionKey) {
        guard let place = places[session] else { return }
        if case .live = subscriptions[place].state { return }
        subscriptions[place].state = .live(live.count)
        live.append(session)
    }

    /// From now on it does not.
    func suspend(_ session: SessionKey, as state: Subscription.State) {
        guard let place = places[session] else { return }
        leaveLive(place)
        subscriptions[place].state = state
    }

    /// The session's typing is told now; taking the mark back leaves the time, or it would get around the
    /// interval.
    func noteTyping(of session: SessionKey, isOn: Bool, at now: Instant) {
        guard let place = places[session] else { return }
        subscriptions[place].isTyping = isOn
        if isOn { subscriptions[place].typedAt = now }
    }

    /// What the session may have of the pushes it wants has changed.
    func allow(_ session: SessionKey, _ allowed: (RoomEvents) -> RoomEvents) {
        guard let place = places[session] else { return }
        declining -= subscriptions[place].events == .all ? 0 : 1
        subscriptions[place].events = allowed(subscriptions[place].wanted)
        declining += subscriptions[place].events == .all ? 0 : 1
    }

    /// Who wants this kind of push and can take it now.
    func audience(for event: RoomEvents) -> [SessionKey] {
        if declining == 0 { return live }
        return live.filter { session in
            subscriptions[places[session]!].events.contains(event)
        }
    }

    private func leaveLive(_ place: Int) {
        guard case .live(let index) = subscriptions[place].state else { return }
        let last = live.removeLast()
        if index < live.count {
            live[index] = last
            subscriptions[places[last]!].state = .live(index)
        }
        subscriptions[place].state = .joining
    }
}
