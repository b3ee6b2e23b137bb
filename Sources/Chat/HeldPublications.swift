import ChatProtocol

/// A room's publications that came before their turn, by offset; bounded in number and bytes.
///
/// Beyond the bounds the farthest is forgotten, for the archive has it; that it exists is not.
struct HeldPublications {
    private var publications: [Offset: Publication] = [:]
    /// The bodies, in bytes.
    private(set) var bytes = 0
    /// The highest that was forgotten.
    private var forgotten: StreamPosition?
    private let limit: Int
    private let byteLimit: Int

    init(limits: Limits) {
        limit = limits.heldPublications
        byteLimit = limits.heldBytes
    }

    var count: Int { publications.count }
    var isEmpty: Bool { publications.isEmpty }
    /// In ascending order.
    var offsets: [Offset] { publications.keys.sorted() }

    /// What holding them takes, in bytes and about.
    var cost: Int { bytes + 256 * count }

    mutating func insert(_ publication: Publication) {
        _ = remove(publication.offset)
        publications[publication.offset] = publication
        bytes += publication.body.count
        while count > limit || bytes > byteLimit, forgetFarthest() {}
    }

    /// Gives back so much of the cost, the farthest first, or all there is.
    mutating func giveBack(_ excess: Int) {
        let goal = cost - excess
        while cost > goal, forgetFarthest() {}
    }

    private mutating func forgetFarthest() -> Bool {
        guard let farthest = publications.keys.max(), let gone = remove(farthest)?.position else {
            return false
        }
        if let known = forgotten, known.epoch == gone.epoch, known.offset > gone.offset { return true }
        forgotten = gone
        return true
    }

    /// The publication of that offset, which is held no longer.
    mutating func remove(_ offset: Offset) -> Publication? {
        guard let publication = publications.removeValue(forKey: offset) else { return nil }
        bytes -= publication.body.count
        return publication
    }

    /// Keeps what comes after `offset` in this epoch; the highest offset of it that is known of.
    mutating func keep(after offset: Offset, in epoch: Epoch) -> Offset? {
        publications = publications.filter { $0.key > offset && $0.value.position?.epoch == epoch }
        bytes = publications.values.reduce(0) { $0 + $1.body.count }
        if forgotten?.epoch != epoch { forgotten = nil }
        return [publications.keys.max(), forgotten?.offset].compactMap(\.self).max()
    }

    /// Nothing of it is believed any more.
    mutating func removeAll() {
        publications.removeAll()
        bytes = 0
        forgotten = nil
    }
}
