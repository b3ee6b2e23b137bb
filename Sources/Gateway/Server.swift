import ArchiveThread
import Glibc
package import Logging
import Networking
import Random
import TLS
import Time
import TokensJWT

/// The process: one archive, one worker per core, and the signals that end it all.
package final class Server: MailboxHandler, SignalHandler {
    private let configuration: ServerConfiguration
    private let log: Logger
    private let loop: EventLoop
    private let store: any ArchiveStore
    private let tokens: TokenAuthority?
    private let turnstile: Turnstile
    private var certificates: ServerCertificates?
    private var receiver: MailboxReceiver<ServerMessage>!
    private var signals: Signals!
    private var threads: [LoopThread] = []
    private var mailboxes: [Int: Mailbox<WorkerMessage>] = [:]
    private var addresses: [ListenAddress] = []
    private var listening = 0
    private var running: Set<Int> = []
    private var isDraining = false
    private var status: Int32 = 0

    /// Clients are told to come back this long after a drain, in milliseconds, and each a little later still.
    private static let comeBackAfterMs = 1_000

    /// Opens the archive and prepares to serve. Throws what the operator must mend.
    package init(_ configuration: ServerConfiguration, log: Logger) throws {
        self.configuration = configuration
        self.log = log
        Signals.prepare()
        let descriptors = try DescriptorLimit.raise()
        let capacity = ConnectionCapacity(
            wanted: configuration.doors.connections, descriptors: descriptors,
            workers: configuration.workers, addresses: configuration.addresses.count)
        turnstile = Turnstile(configuration.doors, capacity: capacity.connections)
        // Before the archive is touched: a second server must not get that far.
        addresses = []
        for place in configuration.addresses {
            do {
                let address = try Listener.checkFree(place.address)
                addresses.append(ListenAddress(address, isSecure: place.isSecure))
            } catch {
                let reason =
                    error.isAddressInUse
                    ? "something else listens there already; stop it, or choose another port with --listen"
                    : error.description
                throw ConfigurationError("Cannot listen on \(place.address): \(reason).")
            }
        }
        tokens = try configuration.tokens.map { settings throws(ConfigurationError) in
            try settings.authority()
        }
        certificates = try configuration.tls.map { settings throws(ConfigurationError) in
            try ServerCertificates(settings)
        }
        loop = try EventLoop()
        store = try configuration.archive.open(log: log)
        log.info(
            "starting",
            metadata: [
                "version": "\(Build.version)", "archive": "\(configuration.archive)",
                "broker": "\(configuration.broker)",
            ])
        log.debug(
            "file descriptors",
            metadata: ["limit": "\(descriptors)", "connections": "\(capacity.connections)"])
        if capacity.isLess {
            log.warning(
                "limits.connections is more than the file descriptors allow; raise ulimit -n",
                metadata: ["connections": "\(capacity.connections)"])
        }
        receiver = try MailboxReceiver(on: loop, handler: self)
        signals = try Signals(on: loop, handler: self)
    }

    /// Serves until a signal, and returns the status to exit with: 0 after a clean drain, 1 when something
    /// failed.
    package func run() throws -> Int32 {
        for index in 0..<configuration.workers { threads.append(try start(index)) }
        try loop.run()
        for thread in threads { thread.join() }
        signals.close()
        receiver.close()
        store.close()
        log.notice("stopped")
        return status
    }

    private func start(_ index: Int) throws -> LoopThread {
        running.insert(index)
        return try LoopThread(name: "parley-\(index)", readBufferSize: configuration.readBytes) {
            [configuration, store, tokens, turnstile, server = receiver.mailbox, log] loop in
            do {
                let worker = try Worker(
                    index: index, on: loop, store: store, tokens: tokens, configuration: configuration,
                    turnstile: turnstile, log: log, server: server)
                try withExtendedLifetime(worker) { try loop.run() }
            } catch {
                server.post(.failed(worker: index, "\(error)"))
            }
        }
    }

    // MARK: Workers

    func received(_ messages: [ServerMessage]) {
        for message in messages {
            switch message {
            case .ready(let worker, let mailbox):
                mailboxes[worker] = mailbox
                // The signal may be faster than the threads.
                if isDraining {
                    mailbox.post(.drain(afterMs: Self.comeBackAfterMs))
                } else if mailboxes.count == configuration.workers {
                    begin()
                }
            case .listening: isListening()
            case .failed(let worker, let reason): failed(worker, reason)
            case .drained(let worker):
                running.remove(worker)
                if running.isEmpty { loop.stop() }
            }
        }
    }

    /// All workers are there and know each other from the start.
    private func begin() {
        let instance = randomUInt64()
        for (index, mailbox) in mailboxes {
            let others = mailboxes.filter { $0.key != index }.sorted { $0.key < $1.key }.map(\.value)
            let start = WorkerStart(
                instance: instance, addresses: addresses, tls: certificates?.context, others: others)
            mailbox.post(.begin(start))
        }
    }

    private func isListening() {
        listening += 1
        guard listening == configuration.workers else { return }
        for address in addresses {
            log.notice("listening on \(address)/", metadata: ["workers": "\(configuration.workers)"])
        }
        if configuration.hasDiagnostics {
            log.warning("diagnostics are open: /echo sends everybody's messages back")
        }
        warnOfCertificates()
        if tokens != nil {
            log.notice("tokens are asked for")
            warnOfKeys()
        } else if configuration.isLoopbackOnly {
            log.notice("development mode: anyone on this machine may say to be anyone")
        } else {
            log.warning("insecure: anyone who can reach this server may say to be anyone")
        }
    }

    private func failed(_ worker: Int, _ reason: String) {
        log.critical("a worker failed", metadata: ["worker": "\(worker)", "reason": "\(reason)"])
        status = 1
        running.remove(worker)
        drain()
        if running.isEmpty { loop.stop() }
    }

    // MARK: Signals

    func received(_ signal: Signal) {
        switch signal {
        case .hangup: reload()
        case .terminate, .interrupt:
            if isDraining {
                // Nothing acknowledged is lost: it was committed before it was acknowledged.
                log.warning("stopping at once")
                Glibc._exit(1)
            }
            log.notice("draining")
            drain()
        }
    }

    /// Keys and certificates are what can change while the server runs.
    private func reload() {
        if tokens == nil, certificates == nil {
            return log.notice("SIGHUP: there is nothing to load again")
        }
        if let tokens { reload(tokens) }
        reloadCertificates()
    }

    private func reloadCertificates() {
        guard var renewed = certificates else { return }
        do {
            try renewed.reload()
        } catch {
            return log.error("SIGHUP: the old certificates stay in force", metadata: ["reason": "\(error)"])
        }
        certificates = renewed
        for mailbox in mailboxes.values { mailbox.post(.certificates(renewed.context)) }
        log.notice("SIGHUP: the certificates were read again")
        warnOfCertificates()
    }

    private func warnOfCertificates() {
        for warning in certificates?.warnings(at: loop.moment.wall) ?? [] { log.warning("\(warning)") }
    }

    private func reload(_ tokens: TokenAuthority) {
        do {
            try tokens.reload()
            log.notice("SIGHUP: the keys were read again")
            warnOfKeys()
        } catch {
            log.error("SIGHUP: the old keys stay in force", metadata: ["reason": "\(error)"])
        }
    }

    private func warnOfKeys() {
        for warning in tokens?.warnings ?? [] { log.warning("\(warning)") }
    }

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        for mailbox in mailboxes.values { mailbox.post(.drain(afterMs: Self.comeBackAfterMs)) }
        if running.isEmpty { loop.stop() }
    }
}
