import Networking
import WebSocket

/// What all users of a replay share. One loop in one thread: nothing here is locked.
final class Stage {
    let loop: EventLoop
    let options: Options
    let corpus: Corpus
    var ledger: DraftLedger
    var tally = Tally()
    /// How everybody gets to the instances.
    let dialer: Dialer
    /// What everybody's WebSocket asks for.
    let request: WebSocketClient.Request
    /// Requests that are no user's own connection.
    let desk: RESTDesk
    /// Is told whenever a user may have reached its end.
    weak var replay: Replay?
    private var nextTarget = 0

    /// Everything before the first connection.
    init(_ corpus: Corpus, _ options: Options, on loop: EventLoop) {
        self.loop = loop
        self.options = options
        self.corpus = corpus
        ledger = DraftLedger(corpus, targets: options.targets.count, restShare: options.restShare)
        dialer = Dialer(options.targets, on: loop, tls: options.tls)
        request = WebSocketClient.Request(deflate: options.compresses ? DeflatePool(DeflatePolicy()) : nil)
        desk = RESTDesk(dialer)
    }

    /// The name a room has on the server.
    func name(ofRoom room: Int) -> String { "replay-\(options.run):\(corpus.rooms[room].name)" }

    /// The name a draft has for the server.
    func clientId(_ draft: Int) -> String { "\(options.run)-\(draft)" }

    /// The draft of that name; nil where it is none of ours.
    func draft(_ clientId: [UInt8]) -> Int? {
        let prefix = options.run.utf8.count + 1
        guard clientId.count > prefix, clientId.starts(with: (options.run + "-").utf8) else { return nil }
        let digits = clientId[prefix...]
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number >= 0,
            number < ledger.drafts.count
        else { return nil }
        return number
    }

    /// The instances in turn.
    func takeTarget() -> Int {
        nextTarget = (nextTarget + 1) % options.targets.count
        return nextTarget
    }
}
