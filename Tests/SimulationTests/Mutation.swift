/// A bug planted on purpose: a simulator that does not find it is worth nothing.
enum Mutation: Int, CaseIterable, CustomStringConvertible {
    /// The archive says `stored`, with a guessed position, before it commits.
    case acknowledgesBeforeCommit
    /// A retry is stored a second time.
    case storesRepeats
    /// A retry is answered with the room's head instead of the first one's position.
    case forgetsFirstPosition
    /// The hub answers `publish` without waiting for the archive.
    case repliesBeforeArchive
    /// News go to the sessions as they come, past the hub's check of offsets.
    case deliversNewsUnchecked
    /// One session misses a push now and then.
    case dropsPushes
    /// One session gets a push twice now and then.
    case doublesPushes
    /// A session learns nothing of the publications that were skipped.
    case hidesSkips
    /// The position in `connect` is ignored.
    case ignoresPositions
    /// Heads are never compared.
    case neverSweeps
    /// A publication goes to a session although it said that it is congested.
    case ignoresCongestion

    var description: String {
        switch self {
        case .acknowledgesBeforeCommit: "acknowledges before the commit"
        case .storesRepeats: "stores repeats again"
        case .forgetsFirstPosition: "answers a repeat with another position"
        case .repliesBeforeArchive: "replies before the archive did"
        case .deliversNewsUnchecked: "delivers news unchecked"
        case .dropsPushes: "drops pushes"
        case .doublesPushes: "doubles pushes"
        case .hidesSkips: "hides skips"
        case .ignoresPositions: "ignores positions"
        case .neverSweeps: "never compares heads"
        case .ignoresCongestion: "ignores congestion"
        }
    }

    /// The weather in which the bug shows.
    var profile: Profile {
        switch self {
        case .neverSweeps, .deliversNewsUnchecked: .lossyBroker
        case .storesRepeats, .forgetsFirstPosition: .flakyArchive
        case .hidesSkips, .ignoresCongestion: .slowReaders
        default: .crashingHubs
        }
    }
}
