import ChatProtocol

/// How commands, replies and pushes are spelled. Every dialect ends in the same commands, so that hub and
/// fan-out do not know which they serve. Stateless: one instance serves all of a worker's sessions.
protocol Dialect: AnyObject {
    /// Which dialect this is; the fan-out keeps one encoding per dialect and turn.
    var id: DialectID { get }

    /// What stands in one message of a transport, in order, from `progress` on. `each` tells whether to go
    /// on; where it does not, the same call with the same progress goes on behind that line.
    func lines(
        in message: [UInt8], isText: Bool, from progress: inout DialectProgress, each: (DialectLine) -> Bool)

    /// A push as one message; nil where the dialect has no word for it.
    func bytes(of push: Push) -> [UInt8]?

    /// A reply as one message.
    func bytes(of reply: Reply, to id: CommandID?) -> [UInt8]
}

/// How far a message has been read. A frame of 64 KiB can ask for many times as much in answers: whoever
/// queues them pauses between two lines.
struct DialectProgress {
    var offset = 0
    var faults = 0
}

/// A small number per dialect.
struct DialectID: Hashable {
    let number: Int
    static let native = DialectID(number: 0)
}

/// What a message turned out to hold.
enum DialectLine {
    /// A command.
    case command(Envelope)
    /// Something that is not a command, but the session lives on.
    case malformed(CommandID?, ErrorReply)
    /// Something that is not the dialect: the session ends, and is told why.
    case broken(String)
    /// A kind of message the dialect never uses: RFC 6455 §7.4.1, 1003.
    case unacceptable
}
