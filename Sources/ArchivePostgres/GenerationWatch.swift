import ChatProtocol

/// Tells whether the generation that a sweep found goes on from what was known, and what is to be done where
/// it does not: a copy of the database was put back, which nothing in it shows.
struct GenerationWatch {
    /// A generation that may not stay in force.
    struct Finding: Equatable {
        /// What begins another one, where no other instance has meanwhile.
        let script: String
        /// What to say; nil where it was said.
        let notice: String?
    }

    /// The latest generation that was believed when the sweep under way was sent: a later one may have begun
    /// since.
    var believed: ArchiveGeneration?
    /// The latest that a worker found to hold something else than it did.
    private var doubted: ArchiveGeneration?
    /// What was said last.
    private var told: String?

    /// A worker found that this generation holds something else than it did.
    mutating func doubt(_ generation: ArchiveGeneration) {
        doubted = max(doubted ?? generation, generation)
    }

    /// Judges the generation that a sweep found; nil where it may stay, which settles all doubts before it.
    mutating func judge(_ present: ArchiveGeneration) -> Finding? {
        if let believed, present < believed {
            return finding(
                SweepQueries.takeOver(believing: believed),
                """
                an older copy of the database was put back: it is in generation \(present.number), where \
                \(believed.number) was in force already; a new one begins
                """)
        }
        if let doubted, present <= doubted {
            return finding(
                SweepQueries.takeOver(after: doubted),
                """
                the database no longer holds what was published in generation \(present.number), so an \
                older copy was put back; a new generation begins
                """)
        }
        (doubted, told) = (nil, nil)
        return nil
    }

    private mutating func finding(_ script: String, _ notice: String) -> Finding {
        defer { told = notice }
        return Finding(script: script, notice: told == notice ? nil : notice)
    }
}
