import ChatProtocol

/// The joins that one reply answers: one for `join`, any number for `connect`.
final class JoinGroup {
    let asker: Asker
    /// Nil for `join`.
    let connect: Connect?
    var entries: [JoinEntry] = []
    /// Entries that wait for the archive or the broker; the reply is composed when none does.
    var waiting = 0

    init(asker: Asker, connect: Connect?) {
        self.asker = asker
        self.connect = connect
    }
}

/// One room that a session is on its way into.
final class JoinEntry {
    /// Group and entries hold each other until the reply is composed: whoever waits keeps both alive.
    let group: JoinGroup
    let request: Join
    let session: SessionKey
    /// The subscription this join made; another serial says that the session left or joined anew meanwhile.
    var serial: UInt64 = 0
    var room: Room?
    /// Whether the session may read the room's past; without that it hears what comes and nothing before.
    var tellsPast = true
    /// Under which epoch the position was judged.
    var epoch: Epoch?
    var recovery: Recovery?
    /// The archive was asked about a position that was unknown here; it is asked once.
    var isStateFresh = false
    /// What the archive gave, from the cursor on.
    var rows: [Publication] = []
    var refusal: ErrorReply?

    init(group: JoinGroup, request: Join, session: SessionKey) {
        self.group = group
        self.request = request
        self.session = session
    }
}
