import Chat
import Networking
import Random
import Time

// The way to Redis: opened, restored, watched, and opened again.
extension RedisBroker: RedisPairDelegate, TimerHandler {
    private static let retryToken = 0
    private static let tickToken = 1
    private static let tick: Duration = .seconds(1)
    /// Everything wanted is subscribed anew within so many ticks.
    private static let renewalRounds = 60
    /// So many channels in one command.
    private static let channelsPerCommand = 256
    /// Between two places of a list there is next to no wait: the second may be well.
    private static let nextPlaceDelay: Duration = .milliseconds(10)
    /// So many reasons are remembered while not well.
    private static let reasonLimit = 8

    /// The connections, where subscriptions may be asked for.
    var subscribingPair: RedisPair? {
        switch state {
        case .restoring(let pair), .well(let pair): pair
        case .idle, .waiting, .opening: nil
        }
    }

    /// The connections, whatever their state.
    var pair: RedisPair? {
        if case .opening(let pair) = state { pair } else { subscribingPair }
    }

    func open() {
        let place = target.places[nextPlace % target.places.count]
        let name = "parley-" + String(origin.number, radix: 36)
        state = .opening(RedisPair(to: place, name: name, on: loop, resolver: resolver, delegate: self))
    }

    func isReady(_ pair: RedisPair) {
        if seal != nil { restore(pair) }
    }

    /// Subscribes everything wanted, and last the canary: Redis answers in order, so its confirmation is
    /// everyone's.
    func restore(_ pair: RedisPair) {
        state = .restoring(pair)
        canary = Canary()
        pushReader = PushReader()
        silentTicks = 0
        let entry = canaryEntry ?? table.want(channel: Channel.canary(instance: instance, origin: origin))
        canaryEntry = entry
        askFor(table.entries.filter { $0 !== entry })
        askFor([entry])
        ticking = loop.schedule(self, token: Self.tickToken, at: loop.now + Self.tick)
    }

    /// Subscribes channels where there is a way to.
    func askFor(_ entries: [SubscriptionTable.Entry]) {
        guard let pair = subscribingPair else { return }
        var rest = entries[...]
        while !rest.isEmpty {
            let slice = rest.prefix(Self.channelsPerCommand)
            rest = rest.dropFirst(slice.count)
            var command = RedisCommand("SUBSCRIBE")
            for entry in slice { command.add(entry.channel) }
            pair.subscribe(command)
            table.asked(slice, isSubscription: true)
        }
    }

    func heard(_ token: RedisToken, _ text: Span<UInt8>, on pair: RedisPair) {
        switch pushReader.take(token, text) {
        case .incomplete: break
        case .message: received(text)
        case .subscribed: answered(isSubscription: true, pair)
        case .unsubscribed: answered(isSubscription: false, pair)
        case .foreign: fail(pair, .confused(pair.place))
        }
    }

    private func answered(isSubscription: Bool, _ pair: RedisPair) {
        guard let answer = table.answered(pushReader.channel, isSubscription: isSubscription) else {
            return fail(pair, .confused(pair.place))
        }
        silentTicks = 0
        for confirmed in answer.confirmed { confirmed() }
        if answer.entry === canaryEntry, case .restoring = state { beat(pair) }
    }

    private func beat(_ pair: RedisPair) {
        guard let seal, let entry = canaryEntry else { return }
        guard let number = canary.tick() else { return fail(pair, .deaf(pair.place)) }
        let payload = seal.seal(for: entry.channel) { payload in
            for shift in stride(from: 56, through: 0, by: -8) {
                payload.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
            }
        }
        publish(payload, on: entry.channel, pair)
    }

    func becomeWell(_ pair: RedisPair) {
        state = .well(pair)
        backoff.reset()
        toldReasons = []
        counted.hasBeenWell = true
        events(.turned(isWell: true, reason: nil))
    }

    // MARK: Time

    package func timerFired(token: Int) {
        switch token {
        case Self.retryToken:
            if case .waiting = state { open() }
        default: tick()
        }
    }

    private func tick() {
        ticking = nil
        guard let pair = subscribingPair else { return }
        if canaryEntry?.isConfirmed == true { beat(pair) }
        // Before the canary is subscribed, missing confirmations are told by their number.
        silentTicks = table.questionCount > 0 ? silentTicks + 1 : 0
        if silentTicks > Canary.patience { return fail(pair, .silent(pair.place)) }
        guard case .well = state else { return scheduleTick() }
        askFor(table.nextRenewals(rounds: Self.renewalRounds))
        scheduleTick()
    }

    private func scheduleTick() {
        guard subscribingPair != nil else { return }
        ticking = loop.schedule(self, token: Self.tickToken, at: loop.now + Self.tick)
    }

    // MARK: The end

    func ended(_ pair: RedisPair, because failure: RedisFailure) { fail(pair, failure) }

    private func fail(_ pair: RedisPair, _ failure: RedisFailure) {
        guard pair === self.pair else { return }
        if subscribingPair != nil { counted.reconnects += 1 }
        disconnect()
        nextPlace += 1
        let isRoundOver = nextPlace % target.places.count == 0
        let delay = isRoundOver ? backoff.next(random: randomUInt64()) : Self.nextPlaceDelay
        state = .waiting(loop.schedule(self, token: Self.retryToken, at: loop.now + delay))
        tell(failure.description)
    }

    /// Tells why, each reason once: servers of a list that fail in turn would otherwise fill the log.
    private func tell(_ reason: String) {
        guard !toldReasons.contains(reason) else { return }
        toldReasons = toldReasons.suffix(Self.reasonLimit - 1) + [reason]
        events(.turned(isWell: false, reason: reason))
    }

    func disconnect() {
        if case .waiting(let timer) = state { loop.cancel(timer) }
        if let ticking { loop.cancel(ticking) }
        ticking = nil
        pair?.abort()
        table.disconnected()
    }
}
