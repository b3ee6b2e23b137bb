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
    /// The archive is never swept.
    case neverSweeps
    /// A sweep asks from the highest transaction the last one saw, and misses those that commit late.
    case sweepsFromHighest
    /// A sweep that may have missed moves says nothing of it.
    case ignoresCompare
    /// A lost subscription is not asked for again.
    case renewsNothing
    /// The hub is not told that its broker is bad, or well again.
    case ignoresTheBroker
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
        case .neverSweeps: "never sweeps"
        case .sweepsFromHighest: "sweeps from the highest transaction seen"
        case .ignoresCompare: "ignores what sweeps may have missed"
        case .renewsNothing: "asks for no subscription again"
        case .ignoresTheBroker: "ignores how the broker is"
        case .ignoresCongestion: "ignores congestion"
        }
    }

    /// The weather in which the bug shows.
    var profile: Profile {
        switch self {
        case .neverSweeps, .deliversNewsUnchecked: .lossyBroker
        case .sweepsFromHighest, .ignoresCompare: .noBroker
        case .renewsNothing: .lostSubscriptions
        case .ignoresTheBroker: .brokerOutages
        case .storesRepeats, .forgetsFirstPosition: .flakyArchive
        case .hidesSkips, .ignoresCongestion: .slowReaders
        default: .crashingHubs
        }
    }
}
