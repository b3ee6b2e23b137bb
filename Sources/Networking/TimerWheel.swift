package import Time

/// Names a scheduled timer. Worthless, and harmless, once it fired or was cancelled.
package struct TimerID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// Holds deadlines, and hands out what is due in the order of the deadlines. It never reads a clock.
///
/// A hashed wheel: buckets of 8.4 ms, 4096 of them, so one rotation lasts 34 s; a later deadline stays in its
/// bucket and is passed over once a rotation. Scheduling, moving and cancelling cost the same for any number
/// of timers. Deadlines are kept exactly: the buckets only find them.
package struct TimerWheel<Payload> {
    /// Where an entry is; the lists of the buckets run through the entries themselves.
    private enum Place { case free, bucket(Int), due }

    private struct Entry {
        var payload: Payload?
        var deadline = Instant.distantFuture
        var generation: UInt32 = 0
        var place = Place.free
        var previous: Int32 = -1
        var next: Int32 = -1
    }

    private struct Due {
        let deadline: Instant
        let id: TimerID
    }

    private static var tickShift: Int64 { 23 }
    private static var bucketCount: Int { 4096 }

    private var entries: [Entry] = []
    private var freeEntries: [UInt32] = []
    private var heads: [Int32]
    /// At most the earliest deadline in the bucket: cancelling does not raise it, passing over the bucket
    /// does.
    private var earliestIn: [Instant]
    /// What is due and not handed out yet, latest deadline first.
    private var due: [Due] = []
    private var tick: Int64
    /// At most the earliest deadline of all.
    private var earliest = Instant.distantFuture
    /// How many timers are scheduled or due.
    package private(set) var count = 0

    /// An empty wheel whose time begins at `now`.
    package init(now: Instant) {
        heads = Array(repeating: -1, count: Self.bucketCount)
        earliestIn = Array(repeating: .distantFuture, count: Self.bucketCount)
        tick = now.nanoseconds >> Self.tickShift
    }

    /// When to call `advance` next; nil for an empty wheel. Never too late, and too early only after a
    /// cancellation, once.
    package var nextDeadline: Instant? {
        if count == 0 { return nil }
        return due.last?.deadline ?? earliest
    }

    /// Hands out `payload` once `deadline` has passed.
    package mutating func schedule(_ payload: Payload, at deadline: Instant) -> TimerID {
        let index: UInt32
        if let free = freeEntries.popLast() {
            index = free
        } else {
            index = UInt32(entries.count)
            entries.append(Entry())
        }
        entries[Int(index)].payload = payload
        count += 1
        link(Int(index), at: deadline)
        return TimerID(index: index, generation: entries[Int(index)].generation)
    }

    /// Moves a timer to another deadline; false where it fired already.
    @discardableResult
    package mutating func reschedule(_ id: TimerID, at deadline: Instant) -> Bool {
        guard isCurrent(id) else { return false }
        unlink(Int(id.index))
        link(Int(id.index), at: deadline)
        return true
    }

    /// Forgets a timer; false where it fired already.
    @discardableResult
    package mutating func cancel(_ id: TimerID) -> Bool {
        guard isCurrent(id) else { return false }
        unlink(Int(id.index))
        _ = release(Int(id.index))
        return true
    }

    /// Makes everything due whose deadline is not after `now`; `popDue` then hands it out.
    package mutating func advance(to now: Instant) {
        let newTick = now.nanoseconds >> Self.tickShift
        guard now >= earliest else {
            tick = max(tick, newTick)
            return
        }
        let before = due.count
        let passed = min(max(newTick - tick, 0), Int64(Self.bucketCount) - 1)
        for step in 0...passed { collect(from: bucket(of: tick + step), now) }
        tick = max(tick, newTick)
        if due.count > before {
            // Stable in the order of scheduling is not promised, so the index only makes it repeatable.
            due.sort { ($0.deadline, $0.id.index) > ($1.deadline, $1.id.index) }
        }
        findEarliest()
    }

    /// The next due timer in the order of deadlines, or nil. Timers scheduled meanwhile wait for `advance`.
    package mutating func popDue() -> (id: TimerID, payload: Payload)? {
        while let next = due.popLast() {
            let index = Int(next.id.index)
            // Cancelled or moved since it became due.
            guard isCurrent(next.id), case .due = entries[index].place,
                entries[index].deadline == next.deadline
            else { continue }
            return (next.id, release(index))
        }
        return nil
    }

    /// Forgets every timer.
    package mutating func removeAll() {
        for index in entries.indices where entries[index].payload != nil {
            unlink(index)
            _ = release(index)
        }
        due = []
    }

    private func bucket(of tick: Int64) -> Int { Int(truncatingIfNeeded: tick) & (Self.bucketCount - 1) }

    private func isCurrent(_ id: TimerID) -> Bool {
        id.index < UInt32(entries.count) && entries[Int(id.index)].generation == id.generation
            && entries[Int(id.index)].payload != nil
    }

    private mutating func link(_ index: Int, at deadline: Instant) {
        // What is past already goes where the next `advance` looks first.
        let bucket = bucket(of: max(deadline.nanoseconds >> Self.tickShift, tick))
        entries[index].deadline = deadline
        entries[index].place = .bucket(bucket)
        entries[index].previous = -1
        entries[index].next = heads[bucket]
        if heads[bucket] >= 0 { entries[Int(heads[bucket])].previous = Int32(index) }
        heads[bucket] = Int32(index)
        earliestIn[bucket] = min(earliestIn[bucket], deadline)
        earliest = min(earliest, deadline)
    }

    private mutating func unlink(_ index: Int) {
        guard case .bucket(let bucket) = entries[index].place else { return }
        let (previous, next) = (entries[index].previous, entries[index].next)
        if previous >= 0 { entries[Int(previous)].next = next } else { heads[bucket] = next }
        if next >= 0 { entries[Int(next)].previous = previous }
        if heads[bucket] < 0 { earliestIn[bucket] = .distantFuture }
    }

    private mutating func release(_ index: Int) -> Payload {
        guard let payload = entries[index].payload.take() else {
            preconditionFailure("a timer released twice")
        }
        entries[index].generation &+= 1
        entries[index].place = .free
        freeEntries.append(UInt32(index))
        count -= 1
        return payload
    }

    private mutating func collect(from bucket: Int, _ now: Instant) {
        guard earliestIn[bucket] <= now else { return }
        var left = Instant.distantFuture
        var cursor = heads[bucket]
        while cursor >= 0 {
            let index = Int(cursor)
            cursor = entries[index].next
            if entries[index].deadline > now {
                left = min(left, entries[index].deadline)
                continue
            }
            unlink(index)
            entries[index].place = .due
            let id = TimerID(index: UInt32(index), generation: entries[index].generation)
            due.append(Due(deadline: entries[index].deadline, id: id))
        }
        earliestIn[bucket] = left
    }

    private mutating func findEarliest() {
        earliest = .distantFuture
        for step in 0..<Int64(Self.bucketCount) {
            earliest = min(earliest, earliestIn[bucket(of: tick + step)])
            // Nothing in the buckets still to come can be earlier than their own tick.
            if earliest.nanoseconds >> Self.tickShift <= tick + step { return }
        }
    }
}
