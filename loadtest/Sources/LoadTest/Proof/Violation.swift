/// One way in which what happened is not what was promised.
struct Violation: Equatable {
    /// Which promise; the text is what the table calls it.
    enum Kind: String, CaseIterable {
        /// Sent, and not in the archive.
        case missing
        /// In the archive more than once.
        case doubled
        /// In the archive, and never sent.
        case foreign
        /// In the archive with another body or sender.
        case altered
        /// Offsets are not 1, 2, 3 ….
        case hole
        /// An acknowledgement names another place than the archive, or never came.
        case acknowledgement
        /// Stored in another order than it was sent.
        case order
        /// The instances answer differently about a room.
        case instances
        /// A subscriber never got it.
        case undelivered
        /// A subscriber got it more than once.
        case repeated
        /// A subscriber got it after a later one.
        case reordered
        /// A subscriber got what the archive does not have.
        case unexpected
        /// An unannounced leap.
        case jumped
        /// The server said that something is lost.
        case lost
        /// A draft, a session or a read was refused for good.
        case refused
        /// The server broke RFC 6455, HTTP or its own protocol.
        case protocolBroken
        /// Acknowledgements of a room did not come from all instances in turn.
        case interleaving
        /// It was not done in time.
        case late
    }

    /// Which promise.
    let kind: Kind
    /// What happened, where.
    let sentence: String
}

/// All violations: counted, the first of them in words.
struct Violations {
    /// So many are kept in words.
    static let sentenceLimit = 10

    /// How often which promise was broken.
    private(set) var counts: [Violation.Kind: Int] = [:]
    /// The first ones.
    private(set) var first: [Violation] = []

    /// How many there are.
    var total: Int { counts.values.reduce(0, +) }

    /// Counts one.
    mutating func add(_ kind: Violation.Kind, _ sentence: @autoclosure () -> String) {
        counts[kind, default: 0] += 1
        if first.count < Self.sentenceLimit {
            first.append(Violation(kind: kind, sentence: sentence()))
        }
    }
}
