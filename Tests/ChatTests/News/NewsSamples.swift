import Chat
import ChatProtocol
import Time

/// News of every kind, with everything in them that can be there.
enum NewsSamples {
    static func everyKind(in room: RoomKey) -> [News] {
        let (user, other): (UserID, UserID) = ("grüße", "b")
        let stored = Publication(
            room: room.name, position: StreamPosition(epoch: "3-1k9", offset: StreamPosition.largestOffset),
            time: WallTime(milliseconds: 1_800_000_000_000), user: user, name: "Grüße 😀", clientID: "c-1",
            body: Array(#"{"text":"x"}"#.utf8))
        let ephemeral = Publication(
            room: room.name, position: nil, time: WallTime(milliseconds: -1), user: other, name: nil,
            clientID: nil, body: Array("null".utf8))
        let members = [Member(user: user, name: ""), Member(user: other, name: nil)]
        let contents: [News.Content] = [
            .publication(stored), .publication(ephemeral), .typing(members[0], isOn: true),
            .typing(members[1], isOn: false),
            .roster(previous: 0, number: 1, change: RosterNews(join: members, left: [other], lost: [user])),
            .roster(previous: 7, number: 7, change: RosterNews()), .rosterRequest,
            .rosterSnapshot(number: 0, members: []), .rosterSnapshot(number: 9, members: members),
        ]
        return contents.map { News(origin: OriginID(number: .max - 1), room: room, content: $0) }
    }
}
