import Networking
import Time

/// Uses the connections a link makes.
protocol PostgresLinkOwner: AnyObject {
    /// A connection is up: find out whether it may be used.
    func greet(
        _ connection: PostgresConnection,
        completion: @escaping (Result<Void, PostgresStoreError>) -> Void)
    /// `link.connection` may be used from now on.
    func linkOpened()
    /// An attempt failed; the next one is on its way.
    func linkFailed(_ error: PostgresStoreError)
    /// The connection in use is gone, and the outcome of what was under way unknown.
    func linkLost()
}

/// One connection to Postgres that is made again whenever it ends, with growing pauses. Nothing of an earlier
/// connection is heard once it was given up.
final class PostgresLink: TimerHandler {
    private enum State {
        case stopped
        case pausing(TimerID)
        case connecting(PostgresConnection)
        case open(PostgresConnection)
    }

    private let target: PostgresTarget
    private let loop: EventLoop
    private let resolver: NameResolver
    private let settings: [String: String]
    private weak var owner: (any PostgresLinkOwner)?
    private var state = State.stopped
    /// Which attempt the callbacks that are heard belong to.
    private var attempt = 0
    private var pauses = Backoff(from: .milliseconds(100), to: .seconds(5))

    /// A link that rests until `start`; `settings` are the server's, for each of its connections.
    init(
        to target: PostgresTarget, on loop: EventLoop, resolver: NameResolver, settings: [String: String]
    ) {
        self.target = target
        self.loop = loop
        self.resolver = resolver
        self.settings = settings
    }

    /// The connection, where it may be used.
    var connection: PostgresConnection? { if case .open(let connection) = state { connection } else { nil } }

    func start(for owner: any PostgresLinkOwner) {
        guard case .stopped = state else { return }
        self.owner = owner
        connect()
    }

    func stop() {
        switch state {
        case .stopped: break
        case .pausing(let timer): loop.cancel(timer)
        case .connecting(let connection), .open(let connection): connection.close()
        }
        attempt += 1
        state = .stopped
    }

    /// Gives up the connection in use and makes another.
    func restart() {
        guard case .open(let connection) = state else { return }
        connection.close()
        lost()
    }

    func timerFired(token: Int) { connect() }

    private func connect() {
        attempt += 1
        let attempt = attempt
        let connection = PostgresConnection(target, on: loop, resolver: resolver, settings: settings) {
            [weak self] error in
            guard let self, self.attempt == attempt else { return }
            self.ended(error)
        }
        state = .connecting(connection)
        connection.open { [weak self] result in
            guard let self, self.attempt == attempt else { return }
            switch result {
            case .success: self.greet(connection, attempt)
            case .failure(let error): self.failed(PostgresStoreError(error))
            }
        }
    }

    private func greet(_ connection: PostgresConnection, _ attempt: Int) {
        owner?.greet(connection) { [weak self] result in
            guard let self, self.attempt == attempt else { return }
            switch result {
            case .success:
                self.state = .open(connection)
                self.pauses.reset()
                self.owner?.linkOpened()
            case .failure(let error):
                connection.close()
                self.failed(error)
            }
        }
    }

    private func ended(_ error: PostgresError) {
        switch state {
        case .open: lost()
        case .connecting: failed(PostgresStoreError(error))
        case .pausing, .stopped: break
        }
    }

    private func failed(_ error: PostgresStoreError) {
        pause(error.needsOperator ? .seconds(5) : pauses.next())
        owner?.linkFailed(error)
    }

    private func lost() {
        pause(pauses.next())
        owner?.linkLost()
    }

    private func pause(_ pause: Duration) {
        attempt += 1
        state = .pausing(loop.schedule(self, at: Clock.instant + pause))
    }
}
