import ChatProtocol

/// What a position that a client presents is worth.
struct Recovery: Equatable {
    /// Everything after this offset is to be sent.
    var cursor: Offset
    /// What is lost to this client: void in the present epoch, or no longer kept.
    var lost: ClosedRange<Offset>?

    /// Judges `since` against the room's state: a position above a fork is void from the fork on, one above
    /// the head from the head on, one of a foreign epoch altogether; what was trimmed is gone.
    init(since: StreamPosition, in state: RoomState) {
        cursor = since.offset
        if since.epoch != state.epoch {
            if let parts = since.epoch.parts, parts.room == state.id, parts.generation < state.generation {
                if let fork = state.forks.first(where: { $0.generation > parts.generation }) {
                    cut(to: fork.first - 1)
                }
            } else {
                cut(to: 0)
            }
        }
        cut(to: state.head)
        trim(to: state.first)
    }

    /// Without a position: the latest `tail` publications, nothing is lost.
    init(tail: Int, seen: Offset, first: Offset) {
        cursor = max(min(first - 1, seen), seen - Offset(tail))
    }

    /// The archive keeps nothing before `first`.
    mutating func trim(to first: Offset) {
        guard cursor + 1 < first else { return }
        lose((cursor + 1)...(first - 1))
        cursor = first - 1
    }

    /// Nothing up to `seen` is told: to whoever asked for it, it is lost.
    mutating func withhold(to seen: Offset, isAsked: Bool) {
        guard cursor < seen else { return }
        if isAsked { lose((cursor + 1)...seen) }
        cursor = seen
    }

    private mutating func cut(to limit: Offset) {
        guard cursor > limit else { return }
        lose((limit + 1)...cursor)
        cursor = limit
    }

    private mutating func lose(_ range: ClosedRange<Offset>) {
        guard let known = lost else {
            lost = range
            return
        }
        lost = min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
    }
}
