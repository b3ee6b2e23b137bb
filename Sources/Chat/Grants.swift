package import ChatProtocol

/// What a token lets its bearer do, and where: grants add up, and what none allows is forbidden.
package struct Grants: Sendable, Hashable {
    /// Everything in every room that is not Parley's own: development mode.
    package static let everything = Grants([Grant(match: RoomPattern(anything: ()), can: .everything)])

    private let grants: [Grant]
    /// One of them allows everything everywhere: the others need not be looked at.
    private let isEverything: Bool

    /// These grants together.
    package init(_ grants: [Grant]) {
        self.grants = grants
        isEverything = grants.contains { $0 == Grant(match: RoomPattern(anything: ()), can: .everything) }
    }

    /// Whether all of `verbs` are allowed in the room.
    package func allow(_ verbs: RoomVerbs, in room: RoomName) -> Bool {
        if isEverything { return true }
        var missing = verbs
        for grant in grants where !missing.isDisjoint(with: grant.can) && grant.match.matches(room) {
            missing.subtract(grant.can)
            if missing.isEmpty { return true }
        }
        return missing.isEmpty
    }

    /// The rooms that are granted `verbs` by their exact names.
    package func exactRooms(allowing verbs: RoomVerbs) -> [RoomName] {
        grants.compactMap { $0.can.isSuperset(of: verbs) ? $0.match.exact : nil }
    }
}

/// One line of a token's `rooms`: `{"match":"support:*","can":["join","publish"]}`.
package struct Grant: Sendable, Hashable {
    /// Which rooms.
    package var match: RoomPattern
    /// What may be done there.
    package var can: RoomVerbs

    /// That, there.
    package init(match: RoomPattern, can: RoomVerbs) {
        self.match = match
        self.can = can
    }
}

/// What can be allowed in a room.
package struct RoomVerbs: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Be in the room: its live publications.
    package static let join = RoomVerbs(rawValue: 1)
    /// Say something, and tell that one is typing.
    package static let publish = RoomVerbs(rawValue: 2)
    /// Read the room's past, also when coming back.
    package static let history = RoomVerbs(rawValue: 4)
    /// See who is there.
    package static let presence = RoomVerbs(rawValue: 8)
    /// Edit and delete what others said.
    package static let moderate = RoomVerbs(rawValue: 16)
    /// All of them.
    package static let everything: RoomVerbs = [.join, .publish, .history, .presence, .moderate]

    /// The verbs by the names tokens call them.
    package static let named: [(name: String, verb: RoomVerbs)] = [
        ("join", .join), ("publish", .publish), ("history", .history), ("presence", .presence),
        ("moderate", .moderate),
    ]
}

/// A room's name in which `*` stands for any run of bytes; nothing else is special.
package struct RoomPattern: Sendable, Hashable {
    private let parts: [[UInt8]]

    /// The longest pattern, in bytes: as long as a name.
    package static let longest = 200

    /// That pattern; nil where it is empty or too long.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.longest else { return nil }
        parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(
            Array.init)
    }

    /// `*`.
    init(anything: Void) { parts = [[], []] }

    /// The one room it names, where it has no `*` and is a room's name.
    package var exact: RoomName? {
        guard parts.count == 1 else { return nil }
        return try? RoomName(String(decoding: parts[0], as: UTF8.self))
    }

    /// Whether the name matches, byte for byte. Takes the parts between stars greedily from the left: a part
    /// that fits early leaves most for the rest, so nothing is tried twice.
    package func matches(_ room: RoomName) -> Bool {
        let name = Array(room.utf8)
        guard let first = parts.first, let last = parts.last, name.starts(with: first) else { return false }
        if parts.count == 1 { return name.count == first.count }
        var start = first.count
        for part in parts.dropFirst().dropLast() {
            guard let found = Self.find(part, in: name, from: start) else { return false }
            start = found + part.count
        }
        return name.count - start >= last.count && name.suffix(last.count).elementsEqual(last)
    }

    private static func find(_ part: [UInt8], in name: [UInt8], from start: Int) -> Int? {
        guard name.count - start >= part.count else { return nil }
        return (start...(name.count - part.count)).first { name[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
