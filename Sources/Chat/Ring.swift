import ChatProtocol
import DequeModule

/// A stored room's recent publications: contiguous, oldest first, bounded in bytes. It ends where the room
/// is.
struct Ring {
    private(set) var publications: Deque<Publication> = []
    /// What the publications cost, by `Publication.cost`.
    private(set) var bytes = 0

    var isEmpty: Bool { publications.isEmpty }
    var firstOffset: Offset? { publications.first?.offset }

    /// Adds the next publication and forgets the oldest beyond `limit` bytes.
    mutating func append(_ publication: Publication, limit: Int) {
        precondition(publications.isEmpty || publications.last!.offset + 1 == publication.offset)
        publications.append(publication)
        bytes += publication.cost
        while bytes > limit, publications.count > 1 { removeFirst() }
    }

    /// Adds what comes right before the ring, as far as `limit` allows; `page` ascends without holes. `seen`
    /// is where an empty ring would end.
    mutating func prepend(_ page: [Publication], endingAt seen: Offset, limit: Int) {
        for publication in page.reversed() {
            let next = firstOffset ?? seen + 1
            if publication.offset >= next { continue }
            guard publication.offset + 1 == next, bytes + publication.cost <= limit else { return }
            publications.prepend(publication)
            bytes += publication.cost
        }
    }

    mutating func removeAll() {
        publications.removeAll()
        bytes = 0
    }

    /// The publication of that offset, if it is still here.
    subscript(offset: Offset) -> Publication? {
        guard let first = firstOffset, offset >= first, offset - first < publications.count else {
            return nil
        }
        return publications[Int(offset - first)]
    }

    /// Up to where the ring may be believed, `end` at most, given what the archive has. It ends before the
    /// first offset under which the archive has something else. Where that is the first that can be compared,
    /// nobody knows where the two parted: nothing is believed.
    func agreement(with page: [Publication], upTo end: Offset) -> Offset {
        var last: Offset = 0
        for theirs in page {
            guard theirs.offset <= end else { break }
            guard let ours = self[theirs.offset] else { continue }
            guard ours.isSame(as: theirs) else { return last }
            last = theirs.offset
        }
        return end
    }

    /// Whether everything after `offset` is here, `seen` being where the room is.
    func covers(after offset: Offset, seen: Offset) -> Bool {
        offset >= seen || (firstOffset.map { $0 <= offset + 1 } ?? false)
    }

    /// What follows `offset`, oldest first, within the budget.
    func page(after offset: Offset, budget: PageBudget) -> [Publication] {
        guard let first = firstOffset, first <= offset + 1, offset - first + 1 < publications.count else {
            return []
        }
        var budget = budget
        var page: [Publication] = []
        for publication in publications[Int(offset - first + 1)...] {
            guard budget.take(publication) else { break }
            page.append(publication)
        }
        return page
    }

    /// The `limit` publications right before `offset`, oldest first; nil when the ring does not hold them
    /// all.
    func page(before offset: Offset, budget: PageBudget, first oldest: Offset) -> [Publication]? {
        guard let first = firstOffset, offset > first, offset - first <= publications.count else {
            return offset <= oldest ? [] : nil
        }
        var budget = budget
        var page: [Publication] = []
        var place = Int(offset - first) - 1
        while place >= 0 {
            guard budget.take(publications[place]) else { return page.reversed() }
            page.append(publications[place])
            place -= 1
        }
        return budget.isSpent || first <= oldest ? page.reversed() : nil
    }

    private mutating func removeFirst() { bytes -= publications.removeFirst().cost }
}

/// How much one reply may carry: a number of publications and a number of bytes, but never nothing at all.
struct PageBudget {
    private(set) var publications: Int
    private(set) var bytes: Int
    private var isFresh = true

    init(publications: Int, bytes: Int) {
        self.publications = publications
        self.bytes = bytes
    }

    var isSpent: Bool { publications <= 0 || (bytes <= 0 && !isFresh) }

    /// Takes the publication's cost; false when the reply is full.
    mutating func take(_ publication: Publication) -> Bool {
        guard publications > 0, isFresh || bytes >= publication.body.count else { return false }
        isFresh = false
        publications -= 1
        bytes -= publication.body.count
        return true
    }
}

extension Publication {
    /// The offset of a stored publication.
    var offset: Offset {
        guard let position else { preconditionFailure("an ephemeral publication has no offset") }
        return position.offset
    }

    /// Whether both are one draft, stored once: also a retry stored anew has a time of its own.
    fileprivate func isSame(as other: Publication) -> Bool {
        user == other.user && clientID == other.clientID && time == other.time
    }

    /// What keeping it in memory costs, in bytes: the body and about as much again for a short one.
    var cost: Int { body.count + 160 }
}
