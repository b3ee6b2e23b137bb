import Chat

extension RoomVerbs {
    /// What a grant allows that says not what: all but moderating.
    static let unlessSaid: RoomVerbs = .everything.subtracting(.moderate)

    /// All names, for sentences.
    static let list = named.map(\.name).joined(separator: ", ")

    /// The verb that tokens call so.
    init?(named name: String) {
        guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
        self = found.verb
    }
}
