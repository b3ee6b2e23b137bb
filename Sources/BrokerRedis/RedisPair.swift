import Networking
import Time

/// Is told what the two connections to a server do.
protocol RedisPairDelegate: AnyObject {
    /// Both are ready.
    func isReady(_ pair: RedisPair)
    /// A piece came on the connection that subscribes.
    func heard(_ token: RedisToken, _ text: Span<UInt8>, on pair: RedisPair)
    /// It is over: told once, and nothing follows it.
    func ended(_ pair: RedisPair, because failure: RedisFailure)
}

/// Two connections to one server: in RESP2 one that subscribes cannot publish. If one ends, so does the
/// other.
final class RedisPair: RedisLinkDelegate, TimerHandler {
    private enum State { case opening, ready, ended }

    /// From the first look at the host's name to the last answer of the greeting.
    static let openingLimit: Duration = .seconds(5)
    private static let connectLimit: Duration = .seconds(2)

    let place: RedisTarget.Place
    private let loop: EventLoop
    private let name: String
    private unowned let delegate: any RedisPairDelegate
    private var state = State.opening
    private var timer: TimerID?
    private var connector: Connector?
    private var addresses: ArraySlice<SocketAddress> = []
    private var subscriber: RedisLink?
    private var publisher: RedisLink?
    private var readyLinks = 0
    /// PUBLISH commands that Redis has not answered.
    private(set) var unanswered = 0

    /// Looks the place up and connects twice, under that client name.
    init(
        to place: RedisTarget.Place, name: String, on loop: EventLoop, resolver: NameResolver,
        delegate: any RedisPairDelegate
    ) {
        self.place = place
        self.name = name
        self.loop = loop
        self.delegate = delegate
        timer = loop.schedule(self, at: loop.now + Self.openingLimit)
        resolver.resolve(place.host, port: place.port) { [weak self] in self?.resolved($0) }
    }

    /// Whether commands may be sent.
    var isReady: Bool { state == .ready }
    /// How many bytes wait to be written to the connection that publishes.
    var queuedBytes: Int { publisher?.queuedBytes ?? 0 }

    /// Begins or ends subscriptions.
    func subscribe(_ command: RedisCommand) { subscriber?.send(command) }

    /// Publishes; the answer is counted and otherwise ignored.
    func publish(_ command: RedisCommand) {
        unanswered += 1
        publisher?.send(command)
    }

    /// Ends both without telling the delegate.
    func abort() {
        guard state != .ended else { return }
        state = .ended
        if let timer { loop.cancel(timer) }
        connector?.cancel()
        connector = nil
        subscriber?.abort()
        publisher?.abort()
    }

    private func fail(_ failure: RedisFailure) {
        guard state != .ended else { return }
        abort()
        delegate.ended(self, because: failure)
    }

    /// It took too long.
    func timerFired(token: Int) {
        timer = nil
        if state == .opening { fail(.silent(place)) }
    }

    // MARK: Opening

    private func resolved(_ result: Result<[SocketAddress], ResolveError>) {
        guard state == .opening else { return }
        switch result {
        case .success(let found):
            addresses = found[...]
            connectNext(or: .unresolved(place, "its name has no address"))
        case .failure(let error): fail(.unresolved(place, error.description))
        }
    }

    /// The first address that takes a connection gets the second one too.
    private func connectNext(or failure: RedisFailure) {
        guard let address = addresses.popFirst() else { return fail(failure) }
        connect(to: address)
    }

    private func connect(to address: SocketAddress) {
        connector = Connector.connect(to: address, on: loop, within: Self.connectLimit) { [weak self] in
            self?.connected($0, to: address)
        }
    }

    private func connected(_ result: Result<TCPSocket, SystemError>, to address: SocketAddress) {
        connector = nil
        guard state == .opening else { return }
        switch result {
        case .success(let socket):
            let link = RedisLink(socket, to: place, name: name, delegate: self)
            if subscriber == nil {
                subscriber = link
                connect(to: address)
            } else {
                publisher = link
            }
        case .failure(let error):
            // A server that took one connection and refuses the next is not left for another address of it.
            let failure = RedisFailure.unreachable(place, error)
            if subscriber == nil { connectNext(or: failure) } else { fail(failure) }
        }
    }

    // MARK: The connections

    func isReady(_ link: RedisLink) {
        readyLinks += 1
        guard readyLinks == 2, state == .opening else { return }
        if let timer { loop.cancel(timer) }
        timer = nil
        state = .ready
        delegate.isReady(self)
    }

    func received(_ token: RedisToken, _ text: Span<UInt8>, on link: RedisLink) {
        guard state != .ended else { return }
        if link === subscriber { return delegate.heard(token, text, on: self) }
        guard token.kind == .integer, token.depth == 0, unanswered > 0 else { return fail(.confused(place)) }
        unanswered -= 1
    }

    func ended(_ link: RedisLink, because failure: RedisFailure) { fail(failure) }
}
