import JSON

/// The commands a replay sends, each as one line of JSON.
enum ClientLine {
    /// Who asks, and whence in its room it goes on.
    static func connect(
        id: Int64, token: String?, user: String, room: String, since: Position?
    ) -> [UInt8] {
        command(id, "connect") { writer in
            writer.key("client")
            writer.string("parley-load/1")
            if let token {
                writer.key("token")
                writer.string(token)
            } else {
                writer.key("user")
                writer.string(user)
            }
            writer.key("rooms")
            writer.beginArray()
            writer.beginObject()
            writeRoom(room, since, to: &writer)
            writer.endObject()
            writer.endArray()
        }
    }

    /// The next page, or the way back into the room.
    static func join(id: Int64, room: String, since: Position?) -> [UInt8] {
        command(id, "join") { writeRoom(room, since, to: &$0) }
    }

    /// A page of what a `skip` left out.
    static func history(id: Int64, room: String, after: Int64, limit: Int64) -> [UInt8] {
        command(id, "history") { writer in
            writer.key("room")
            writer.string(room)
            writer.key("after")
            writer.integer(after)
            writer.key("limit")
            writer.integer(limit)
        }
    }

    /// A draft.
    static func publish(id: Int64, room: String, clientId: String, body: [UInt8]) -> [UInt8] {
        command(id, "publish") { writer in
            writer.key("room")
            writer.string(room)
            writer.key("clientId")
            writer.string(clientId)
            writer.key("body")
            writer.raw(body.span)
        }
    }

    /// The answer to the server's `ping`.
    static var pong: [UInt8] { Array("{\"pong\":{}}".utf8) }

    /// The content of a draft that goes in through REST.
    static func restDraft(clientId: String, user: String?, body: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: body.count + 128)
        writer.beginObject()
        writer.key("clientId")
        writer.string(clientId)
        if let user {
            writer.key("user")
            writer.string(user)
        }
        writer.key("body")
        writer.raw(body.span)
        writer.endObject()
        return writer.finish()
    }

    private static func writeRoom(_ room: String, _ since: Position?, to writer: inout JSONWriter) {
        writer.key("room")
        writer.string(room)
        if let since {
            writer.key("since")
            writer.beginObject()
            writer.key("epoch")
            writer.string(since.epoch)
            writer.key("offset")
            writer.integer(since.offset)
            writer.endObject()
        }
        // Neither presence nor typing: a replay proves publications.
        writer.key("events")
        writer.beginArray()
        writer.endArray()
    }

    private static func command(
        _ id: Int64, _ verb: StaticString, _ content: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.integer(id)
        writer.key(verb)
        writer.beginObject()
        content(&writer)
        writer.endObject()
        writer.endObject()
        return writer.finish()
    }
}

/// A place in a room's stream.
struct Position: Equatable {
    /// The archive's numbering; `0` where none is known.
    var epoch: String
    /// What was seen last; 0 before the first.
    var offset: Int64

    /// Before everything.
    static let start = Position(epoch: "0", offset: 0)
}
