import ChatProtocol

/// A token that is being checked, and the commands that wait for the outcome.
final class Verification {
    /// What the token came with.
    enum Purpose {
        /// Who is not known yet does nothing else: what comes behind waits in order.
        case connect(Connect, Asker)
        /// The old token is in force meanwhile, and nothing waits.
        case refresh(Asker)
    }

    let purpose: Purpose
    private(set) var waiting: [Envelope] = []
    private var bytes = 0

    init(_ purpose: Purpose) { self.purpose = purpose }

    /// Whether commands have to wait for it.
    var blocks: Bool {
        if case .connect = purpose { true } else { false }
    }

    /// Keeps a command for later; false when there are too many already, or they are too large together.
    func hold(_ envelope: Envelope, limits: Limits) -> Bool {
        bytes += envelope.command.weight
        guard waiting.count < limits.waitingCommands, bytes <= limits.announced.messageBytes else {
            return false
        }
        waiting.append(envelope)
        return true
    }
}

extension Command {
    /// What keeping it takes, in bytes and about: what the client chose the length of, and something besides.
    var weight: Int {
        let chosen =
            switch self {
            case .connect(let connect):
                (connect.token?.utf8.count ?? 0) + connect.rooms.reduce(0) { $0 + $1.room.utf8.count + 32 }
            case .refresh(let token): token.utf8.count
            case .publish(let publish): publish.room.utf8.count + publish.body.count
            case .join(let join): join.room.utf8.count
            case .leave(let room), .presence(let room): room.utf8.count
            case .history(let request): request.room.utf8.count
            case .typing(let typing): typing.room.utf8.count
            case .rooms, .ping, .pong: 0
            }
        return chosen + 32
    }
}
