import Time

@testable import ChatProtocol

/// What the vectors of replies and pushes spell, as values, under the vectors' names.
enum Samples {
    static let time = WallTime(milliseconds: 1_764_201_600_123)
    private static let earlier = WallTime(milliseconds: 1_764_201_600_100)
    private static let expiry = WallTime(milliseconds: 1_764_205_200_000)
    private static let now = WallTime(milliseconds: 1_764_201_600_000)

    static func position(_ offset: Offset) throws -> StreamPosition {
        StreamPosition(epoch: try Epoch("3-1k9"), offset: offset)
    }

    /// Ada's publication in room a.
    static func publication(
        _ offset: Offset, name: String? = "Ada", body: String = #"{"text":"hi"}"#
    ) throws -> Publication {
        Publication(
            room: try RoomName("a"), position: try position(offset), time: time, user: try UserID("ada"),
            name: name,
            clientID: try ClientID("c-1"), body: Array(body.utf8))
    }

    /// Bob's, the one before.
    private static func bobs(name: String? = "Bob", body: String = #"{"text":"hi"}"#) throws -> Publication {
        Publication(
            room: try RoomName("a"), position: try position(41), time: earlier, user: try UserID("bob"),
            name: name,
            clientID: try ClientID("x1"), body: Array(body.utf8))
    }

    static func replies() throws -> [String: (id: CommandID?, reply: Reply)] {
        let published = Published(position: try position(42), time: time)
        return try joins().merging(connects()) { one, _ in one }.merging(pages()) { one, _ in one }.merging([
            "leave or typing was done": (7, .ok(.done)),
            "ping": (Envelope.largestID, .ok(.pong(time: now))),
            "publish in a stored room": (4, .ok(.published(published))),
            "publish of a draft stored before": (
                4, .ok(.published(Published(position: published.position, time: time, isRepeat: true)))
            ),
            "publish in an ephemeral room": (4, .ok(.published(Published(position: nil, time: time)))),
            "an error": (4, .error(ErrorReply(.notJoined))),
            "an error to come back from": (4, .error(ErrorReply(.unavailable, retryAfterMs: 2000))),
            "an error without id": (
                nil, .error(ErrorReply(.unknownVerb, "this server knows no command \"shout\""))
            ),
            "a message with characters that need escapes": (
                4, .error(ErrorReply(.badRequest, "\"\\/\n\u{1F}\u{7F}\u{2028}é"))
            ),
        ]) { one, _ in one }
    }

    private static func connects() throws -> [String: (id: CommandID?, reply: Reply)] {
        var connected = Connected(
            session: "s1", user: try UserID("guest-7f3a"), name: nil, serverTime: now, pingMs: 25_000,
            pongMs: 20_000,
            limits: AnnouncedLimits(), reconnect: ReconnectAdvice(), rooms: [])
        let empty = connected
        connected.user = try UserID("ada")
        connected.name = "Ada"
        var proven = connected
        proven.expiresAt = expiry
        connected.rooms = [
            .joined(
                Joined(
                    room: try RoomName("a"), kind: .stored, epoch: try Epoch("3-1k9"), head: 0,
                    recovered: true)),
            .refused(try RoomName("$user:bob"), ErrorReply(.forbidden)),
        ]
        var missed = connected
        missed.rooms = [
            .joined(
                Joined(
                    room: try RoomName("a"), kind: .stored, epoch: try Epoch("3-1k9"), head: 90,
                    recovered: false,
                    gap: 7...40, more: true, publications: [try bobs()]))
        ]
        return [
            "connect, with what was missed": (1, .ok(.connected(missed))),
            "connect to nothing": (1, .ok(.connected(empty))),
            "connect with a token": (1, .ok(.connected(proven))),
            "connect with one room entered and one refused": (1, .ok(.connected(connected))),
        ]
    }

    private static func joins() throws -> [String: (id: CommandID?, reply: Reply)] {
        let room = try RoomName("a")
        let epoch = try Epoch("3-1k9")
        return [
            "join, recovered": (
                2,
                .ok(
                    .joined(
                        Joined(
                            room: room, kind: .stored, epoch: epoch, head: 42, recovered: true,
                            publications: [try bobs(), try publication(42, name: nil, body: "null")])))
            ),
            "join, with more to come": (
                2,
                .ok(
                    .joined(
                        Joined(
                            room: room, kind: .stored, epoch: epoch, head: 9000, recovered: true, more: true,
                            publications: [try bobs(name: nil, body: "[1, 2]")])))
            ),
            "join, with a gap": (
                2,
                .ok(
                    .joined(
                        Joined(
                            room: room, kind: .stored, epoch: try Epoch("4-1k9"), head: 40, recovered: false,
                            gap: 41...57)))
            ),
            "join of an ephemeral room": (
                2, .ok(.joined(Joined(room: try RoomName("cursor:1"), kind: .ephemeral, recovered: false)))
            ),
        ]
    }

    private static func pages() throws -> [String: (id: CommandID?, reply: Reply)] {
        let room = try RoomName("a")
        let epoch = try Epoch("3-1k9")
        let roster = RosterSnapshot(
            room: room, version: 12, count: 3,
            members: [
                Member(user: try UserID("ada"), name: "Ada"), Member(user: try UserID("bob"), name: nil),
            ])
        let rooms = [
            RoomSummary(room: room, epoch: epoch, head: 41, last: try bobs()),
            RoomSummary(room: try RoomName("b"), epoch: try Epoch("3-1ka"), head: 0, last: nil),
        ]
        return [
            "history": (
                5,
                .ok(
                    .history(
                        HistoryPage(
                            room: room, epoch: epoch, head: 42, more: true, publications: [try bobs()])))
            ),
            "history of an empty room": (
                5,
                .ok(.history(HistoryPage(room: room, epoch: epoch, head: 0, more: false, publications: [])))
            ),
            "presence": (6, .ok(.presence(roster))),
            "rooms": (8, .ok(.rooms(RoomsPage(rooms: rooms, more: false)))),
            "refresh": (
                10,
                .ok(
                    .refreshed(
                        Refreshed(
                            user: try UserID("ada"), name: "Ada", expiresAt: expiry,
                            left: [room, try RoomName("support:42")])))
            ),
            "refresh that changes nothing": (
                10,
                .ok(
                    .refreshed(
                        Refreshed(user: try UserID("ada"), name: nil, expiresAt: expiry, left: [])))
            ),
            "rooms of nobody": (8, .ok(.rooms(RoomsPage(rooms: [], more: false)))),
        ]
    }

    static func pushes() throws -> [String: Push] {
        let room = try RoomName("a")
        let ada = try UserID("ada")
        let cem = try UserID("cem")
        let cursor = Publication(
            room: try RoomName("cursor:1"), position: nil, time: time, user: ada, name: nil, clientID: nil,
            body: Array("[3,4]".utf8))
        let hard = Publication(
            room: try RoomName("\"\\é😀"), position: try position(1), time: WallTime(milliseconds: 0),
            user: try UserID("\""), name: "", clientID: try ClientID("\"\\"), body: Array("0".utf8))
        let largest = try publication(StreamPosition.largestOffset, name: nil, body: #""\u00e9 \/""#)
        return [
            "publication": .publication(try publication(42), announcesEpoch: false),
            "publication without name": .publication(largest, announcesEpoch: false),
            "publication that announces an epoch": .publication(try publication(42), announcesEpoch: true),
            "publication in an ephemeral room": .publication(cursor, announcesEpoch: false),
            "publication in a room with a hard name": .publication(hard, announcesEpoch: false),
            "presence": .presence(
                RosterChange(
                    room: room, version: 13, join: [Member(user: cem, name: "Cem")],
                    leave: [try UserID("bob")])),
            "presence with departures only": .presence(
                RosterChange(room: room, version: 14, join: [], leave: [ada, cem])),
            "typing": .typing(room: room, member: Member(user: ada, name: "Ada"), isOn: true),
            "typing no longer": .typing(room: room, member: Member(user: ada, name: nil), isOn: false),
            "skip": .skip(room: room, range: 43...90),
            "reset": .reset(room: room, epoch: try Epoch("4-1k9"), after: 40),
            "expiring": .expiring(inMs: 60_000),
            "goaway": .goaway(afterMs: 1500),
            "ping": .ping,
        ]
    }
}
