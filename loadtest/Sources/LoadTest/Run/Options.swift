import TLS

/// What a replay was asked for.
struct Options {
    /// The instances; users spread over them.
    var targets: [Target]
    /// So many talkers are there at a time; further rooms wait for one to end.
    var users = 200
    /// Who only listens, in each room.
    var listeners = 10
    /// So many drafts a talker has unanswered at a time.
    var outstanding = 8
    /// Which part of the drafts goes in through REST.
    var restShare = 0.1
    /// Messages a second over all talkers; nil: as fast as the answers come.
    var rate: Double?
    /// Tokens by user; without them the server is in development mode.
    var tokens: [String: String]?
    /// After so many seconds what is not done counts as violated.
    var secondsLimit = 600
    /// What is believed of instances whose URL says https; needed only for them.
    var tls: TLSContext?
    /// Whether WebSockets are compressed where the instance agrees.
    var compresses = false
    /// What the rooms' names begin with: `replay-RUN:`.
    var run: String
    /// Whether standard input asks for figures.
    var control = false
    /// Whether standard error shows a bar.
    var progress = false
}
