/// Which run of numbers an offset belongs to: archive generation and room id, opaque to clients.
/// At most 16 visible ASCII bytes.
package struct Epoch: Hashable, Sendable, CustomStringConvertible {
    /// The opaque text.
    package let description: String

    /// The longest epoch, in bytes.
    package static let byteLimit = 16

    /// Checks the form only: whether an epoch still means something is the archive's to say.
    package init(_ text: String) throws(IdentifierError) {
        guard (1...Self.byteLimit).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw IdentifierError("an epoch is 1 to \(Self.byteLimit) visible ASCII characters") }
        description = text
    }

    /// The epoch of a room: `generation` and `room` written in base 36 with a dash between.
    package init(generation: ArchiveGeneration, room: Int64) {
        description = String(generation.number, radix: 36) + "-" + String(room, radix: 36)
    }

    /// Generation and room id again; nil when no archive of ours wrote this epoch.
    package var parts: (generation: ArchiveGeneration, room: Int64)? {
        let halves = description.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, let generation = Int64(halves[0], radix: 36),
            let room = Int64(halves[1], radix: 36)
        else { return nil }
        let parts = (generation: ArchiveGeneration(number: generation), room: room)
        // Signs, capitals and leading zeros make the same numbers, but no epoch of ours.
        return self == Epoch(generation: parts.generation, room: room) ? parts : nil
    }
}

/// A run of the archive that continues itself. A new one begins when the database is no continuation of what
/// it was: made anew, restored, put back. Later generations have larger numbers.
package struct ArchiveGeneration: Hashable, Sendable, Comparable {
    /// The number, at least 1; at most 36^7 - 1, so that an epoch stays within its 16 bytes.
    package let number: Int64

    /// The generation of that number.
    package init(number: Int64) { self.number = number }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// A publication's number in its room: 1, 2, 3 … without holes, at most 2^53 - 1. 0 means "before the first".
package typealias Offset = Int64

/// A place in a room's stream. Another epoch says that the old numbers mean nothing.
package struct StreamPosition: Hashable, Sendable {
    /// Which run of numbers.
    package var epoch: Epoch
    /// The number.
    package var offset: Offset

    /// The largest offset: what JSON numbers carry exactly.
    package static let largestOffset: Offset = (1 << 53) - 1

    /// That offset of that epoch.
    package init(epoch: Epoch, offset: Offset) {
        self.epoch = epoch
        self.offset = offset
    }
}
