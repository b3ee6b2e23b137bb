import ChatProtocol
import DequeModule
import Time

/// Who is in a room: one entry per user, whatever the number of sessions, workers and instances.
///
/// Every hub tells the others about its own sessions (`RosterNews`, numbered), and each makes its own union.
/// A user whose last connection ended stays for a grace, so that a reload shows no flicker.
struct Roster {
    private struct Entry {
        var name: String?
        /// Sessions of this hub.
        var here = 0
        /// Other hubs with sessions of this user.
        var elsewhere: Set<OriginID> = []
        /// Nobody is left; gone for all when the grace is over.
        var leavesAt: Instant?
        /// The clients know of it.
        var isAnnounced = false
        /// Under this name.
        var announcedName: String?
        var isTouched = false
        /// The other hubs do not know of the last change yet.
        var isOwnTouched = false

        var isPresent: Bool { here > 0 || !elsewhere.isEmpty || leavesAt != nil }
    }

    /// What another hub told about its sessions here.
    private struct Part {
        var number: Int64 = 0
        var users: Set<UserID> = []
        /// When the hub last told anything about it.
        var heardAt: Instant
    }

    private var entries: [UserID: Entry] = [:]
    private var parts: [OriginID: Part] = [:]
    /// Users whose presence may have changed since the last batch, in the order of the first change.
    private var touched: [UserID] = []
    private var leaving: Deque<(at: Instant, user: UserID)> = []
    /// A snapshot was given since the last batch: the next one tells even what looks unchanged.
    private var isSnapshotTaken = false
    private var ownTouched: [UserID] = []
    private var ownLeft: Set<UserID> = []
    /// Our last change told to the other hubs.
    private(set) var number: Int64 = 0
    /// The clients' version.
    private(set) var version: Int64 = 0

    var hasChanges: Bool { !touched.isEmpty || !ownTouched.isEmpty }
    var nextDeparture: Instant? { leaving.first?.at }
    /// Whether the other hubs were told of anybody here.
    var isTold: Bool { number > 0 }
    /// Whether other hubs told of anybody.
    var hasParts: Bool { !parts.isEmpty }

    // MARK: Our own sessions

    mutating func arrive(_ member: Member) {
        update(member.user) { entry in
            entry.name = member.name
            entry.here += 1
            entry.leavesAt = nil
        }
        ownLeft.remove(member.user)
        touchOwn(member.user)
    }

    /// `isLeft`: by command, so that there is no grace, unless another session of the user stays.
    mutating func depart(_ user: UserID, isLeft: Bool, graceUntil: Instant) {
        guard let entry = entries[user], entry.here > 0 else { return }
        update(user) { $0.here -= 1 }
        guard entry.here == 1 else { return }
        if isLeft { ownLeft.insert(user) }
        touchOwn(user)
        if !isLeft { grace(user, until: graceUntil) }
    }

    // MARK: Other hubs' sessions

    /// Applies another hub's change; false when something before it was missed and its whole part is needed.
    mutating func apply(
        _ change: RosterNews, from origin: OriginID, previous: Int64, number: Int64, at now: Instant,
        graceUntil: Instant
    ) -> Bool {
        let known = parts[origin]?.number ?? 0
        guard number >= known else { return true }
        if previous == number, number != known { return false }
        parts[origin, default: Part(heardAt: now)].heardAt = now
        guard number > known else { return true }
        if previous == 0, known > 0 {
            replacePart(of: origin, by: [], number: 0, at: now, graceUntil: graceUntil)
        }
        guard previous == 0 || previous == known else { return false }
        for member in change.join { joinElsewhere(member, origin) }
        for user in change.left { leaveElsewhere(user, origin, graceUntil: nil) }
        for user in change.lost { leaveElsewhere(user, origin, graceUntil: graceUntil) }
        parts[origin]?.number = number
        return true
    }

    /// Takes another hub's whole part; an older one than is known is ignored.
    mutating func replacePart(
        of origin: OriginID, by members: [Member], number: Int64, at now: Instant, graceUntil: Instant
    ) {
        guard number >= parts[origin]?.number ?? 0 || number == 0 else { return }
        parts[origin, default: Part(heardAt: now)].heardAt = now
        let present = Set(members.map(\.user))
        for user in (parts[origin]?.users ?? []).subtracting(present).sorted() {
            leaveElsewhere(user, origin, graceUntil: graceUntil)
        }
        for member in members { joinElsewhere(member, origin) }
        parts[origin]?.number = number
    }

    /// Drops the parts of hubs that have said nothing since `limit`: they are gone, or believe that they said
    /// so.
    mutating func dropParts(silentSince limit: Instant, graceUntil: Instant) {
        let silent = parts.filter { $0.value.heardAt <= limit }
        for (origin, part) in silent.sorted(by: { $0.key.number < $1.key.number }) {
            for user in part.users.sorted() { leaveElsewhere(user, origin, graceUntil: graceUntil) }
            parts[origin] = nil
        }
    }

    /// Our own part, for a hub that asks.
    func ownMembers() -> [Member] {
        entries.filter { $0.value.here > 0 }.map { Member(user: $0.key, name: $0.value.name) }
            .sorted { $0.user < $1.user }
    }

    // MARK: Telling

    /// What changed here since the last call, for the other hubs; nil when nothing did. `counter` only grows.
    mutating func takeNews(counter: inout Int64) -> (previous: Int64, number: Int64, change: RosterNews)? {
        guard !ownTouched.isEmpty else { return nil }
        var change = RosterNews()
        for user in ownTouched {
            entries[user]?.isOwnTouched = false
            if let entry = entries[user], entry.here > 0 {
                change.join.append(Member(user: user, name: entry.name))
            } else if ownLeft.contains(user) {
                change.left.append(user)
            } else {
                change.lost.append(user)
            }
        }
        ownTouched.removeAll()
        ownLeft.removeAll()
        counter += 1
        let previous = number
        number = counter
        return (previous, number, change)
    }

    /// What changed for the clients since the last call; nil when nothing did.
    mutating func takeChange(of room: RoomName) -> RosterChange? {
        var join: [Member] = []
        var leave: [UserID] = []
        for user in touched {
            let entry = entries[user]
            let isPresent = entry?.isPresent ?? false
            let wasAnnounced = entry?.isAnnounced ?? false
            let isRenamed = entry?.announcedName != entry?.name
            if isPresent, !wasAnnounced || isRenamed || isSnapshotTaken {
                join.append(Member(user: user, name: entry?.name))
            } else if !isPresent, wasAnnounced || isSnapshotTaken {
                leave.append(user)
            }
            if isPresent {
                entries[user]?.isAnnounced = true
                entries[user]?.announcedName = entry?.name
                entries[user]?.isTouched = false
            } else {
                entries[user] = nil
            }
        }
        touched.removeAll()
        isSnapshotTaken = false
        guard !join.isEmpty || !leave.isEmpty else { return nil }
        version += 1
        return RosterChange(room: room, version: version, join: join, leave: leave)
    }

    /// Everyone who is here, `limit` of them listed.
    mutating func snapshot(of room: RoomName, limit: Int) -> RosterSnapshot {
        isSnapshotTaken = isSnapshotTaken || !touched.isEmpty
        let present = entries.filter { $0.value.isPresent }.map { Member(user: $0.key, name: $0.value.name) }
            .sorted { $0.user < $1.user }
        return RosterSnapshot(
            room: room, version: version, count: present.count, members: Array(present.prefix(limit)))
    }

    /// Graces that are over end.
    mutating func expire(at now: Instant) {
        while let (at, user) = leaving.first, at <= now {
            leaving.removeFirst()
            guard let entry = entries[user], let leavesAt = entry.leavesAt, leavesAt <= now else { continue }
            update(user) { $0.leavesAt = nil }
        }
    }

    // MARK: Inside

    private mutating func update(_ user: UserID, _ change: (inout Entry) -> Void) {
        var entry = entries[user] ?? Entry()
        change(&entry)
        if !entry.isTouched {
            entry.isTouched = true
            touched.append(user)
        }
        entries[user] = entry
    }

    private mutating func touchOwn(_ user: UserID) {
        guard entries[user]?.isOwnTouched == false else { return }
        entries[user]?.isOwnTouched = true
        ownTouched.append(user)
    }

    private mutating func joinElsewhere(_ member: Member, _ origin: OriginID) {
        parts[origin]?.users.insert(member.user)
        update(member.user) { entry in
            entry.name = member.name
            entry.elsewhere.insert(origin)
            entry.leavesAt = nil
        }
    }

    /// Without `graceUntil` the user is gone at once.
    private mutating func leaveElsewhere(_ user: UserID, _ origin: OriginID, graceUntil: Instant?) {
        parts[origin]?.users.remove(user)
        guard entries[user]?.elsewhere.contains(origin) == true else { return }
        update(user) { $0.elsewhere.remove(origin) }
        if let graceUntil { grace(user, until: graceUntil) }
    }

    private mutating func grace(_ user: UserID, until: Instant) {
        guard let entry = entries[user], entry.here == 0, entry.elsewhere.isEmpty else { return }
        update(user) { $0.leavesAt = until }
        leaving.append((until, user))
    }
}
