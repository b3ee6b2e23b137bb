import Chat
import ChatProtocol
import Time

/// A room of the default tenant.
func room(_ name: String) -> RoomKey {
    RoomKey(tenant: .default, name: checked { () throws(IdentifierError) in try RoomName(name) })
}

/// A tenant of that name.
func tenant(_ name: String) -> TenantID { checked { () throws(IdentifierError) in try TenantID(name) } }

/// News of a stored publication at that offset.
func said(_ name: String, _ offset: Offset, by origin: OriginID) -> News {
    let key = room(name)
    let position = StreamPosition(
        epoch: Epoch(generation: ArchiveGeneration(number: 1), room: 1), offset: offset)
    let publication = Publication(
        room: key.name, position: position, time: WallTime(milliseconds: 1_800_000_000_000 + offset),
        user: user("u"),
        name: "U", clientID: checked { () throws(IdentifierError) in try ClientID("c\(offset)") },
        body: Array(#"{"text":"\#(offset) 😀"}"#.utf8))
    return News(origin: origin, room: key, content: .publication(publication))
}

/// One of every kind of news.
func everyKind(_ name: String, by origin: OriginID) -> [News] {
    let member = Member(user: user("grüße"), name: nil)
    let ephemeral = Publication(
        room: room(name).name, position: nil, time: WallTime(milliseconds: 1), user: user("u"), name: nil,
        clientID: nil, body: Array("null".utf8))
    let kinds: [News.Content] = [
        .publication(ephemeral), .typing(member, isOn: true), .typing(member, isOn: false),
        .roster(previous: 0, number: 1, change: RosterNews(join: [member])),
        .roster(previous: 1, number: 2, change: RosterNews(left: [member.user], lost: [user("v")])),
        .rosterRequest,
        .rosterSnapshot(number: 2, members: [member, Member(user: user("v"), name: "V")]),
        .rosterSnapshot(number: 3, members: []),
    ]
    return kinds.map { News(origin: origin, room: room(name), content: $0) }
}

private func user(_ name: String) -> UserID { checked { () throws(IdentifierError) in try UserID(name) } }

private func checked<T>(_ make: () throws(IdentifierError) -> T) -> T {
    do { return try make() } catch { preconditionFailure(error.description) }
}
