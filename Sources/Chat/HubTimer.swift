import Time

/// Something the hub wants to look at later. What it was set for may be over by then: whoever fires it looks
/// first.
struct HubTimer: Comparable {
    let due: Instant
    /// Ties are broken in the order of setting, so that a run can be repeated.
    let order: UInt64
    let purpose: Purpose

    enum Purpose {
        case connectTimeout(SessionKey)
        case heartbeat(SessionKey)
        case expiry(SessionKey)
        case slow(SessionKey)
        case subscribePatience(Room)
        case gap(Room)
        case rosterBatch(Room)
        case rosterGrace(Room)
        case linger(Room)
        case drafts
        case compare
        case compareAgain
        case rosters
        case drained
    }

    static func < (left: HubTimer, right: HubTimer) -> Bool {
        (left.due, left.order) < (right.due, right.order)
    }

    static func == (left: HubTimer, right: HubTimer) -> Bool { left.order == right.order }
}
