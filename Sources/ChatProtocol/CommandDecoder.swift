import JSON

/// Reads what stands behind a verb. The decoder of envelopes finds the verb and the number.
struct CommandDecoder {
    /// What is accepted.
    let limits: EnvelopeDecoder.Limits

    /// The command of this verb, or nil where nobody knows the verb; `json` stands before the verb's value.
    func command(
        _ verb: JSONKey, _ json: inout JSONReader, in bytes: Span<UInt8>
    ) throws(CommandFault) -> Command? {
        var fields = FieldReader(json: json)
        let command = try command(verb, &fields, in: bytes)
        json = fields.json
        return command
    }

    private func command(
        _ verb: JSONKey, _ fields: inout FieldReader, in bytes: Span<UInt8>
    ) throws(CommandFault) -> Command? {
        switch verb {
        case "publish": .publish(try publish(&fields, in: bytes))
        case "pong": try nothing(&fields, in: bytes, .pong)
        case "ping": try nothing(&fields, in: bytes, .ping)
        case "typing": .typing(try typing(&fields, in: bytes))
        case "history": .history(try history(&fields, in: bytes))
        case "join": .join(try join(&fields, in: bytes))
        case "leave": .leave(try room(&fields, in: bytes))
        case "presence": .presence(try room(&fields, in: bytes))
        case "rooms": .rooms(try rooms(&fields, in: bytes))
        case "refresh": .refresh(token: try token(&fields, in: bytes))
        case "connect": .connect(try connect(&fields, in: bytes))
        default: nil
        }
    }

    private func connect(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> Connect {
        var connect = Connect()
        var rooms: [Join]?
        var heartbeat: String?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "token": try fields.read("token", into: &connect.token, in: bytes)
            case "client":
                try fields.readLine("client", into: &connect.client, byteLimit: Connect.textLimit, in: bytes)
            case "user": try fields.read("user", into: &connect.user, in: bytes)
            case "name":
                try fields.readLine("name", into: &connect.name, byteLimit: Connect.textLimit, in: bytes)
            case "rooms":
                try fields.refuse("rooms", twice: rooms != nil)
                rooms = try joins(&fields, in: bytes)
            case "heartbeat": try fields.read("heartbeat", into: &heartbeat, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        connect.rooms = rooms ?? []
        if let heartbeat {
            guard let known = Connect.Heartbeat(rawValue: heartbeat) else {
                throw CommandFault(.badRequest, "heartbeat", "must be \"message\" or \"frame\"")
            }
            connect.heartbeat = known
        }
        return connect
    }

    private func joins(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> [Join] {
        var joins: [Join] = []
        var names: Set<RoomName> = []
        try fields.beginArray("rooms", in: bytes)
        while try fields.nextElement("rooms", in: bytes) {
            guard joins.count < limits.rooms else {
                throw CommandFault(
                    .tooManyRooms, "rooms", "a session is in at most \(limits.rooms) rooms")
            }
            do throws(CommandFault) {
                let join = try join(&fields, in: bytes)
                guard names.insert(join.room).inserted else {
                    throw CommandFault(.badRequest, "room", "stands in the list already")
                }
                joins.append(join)
            } catch {
                throw error.inside("rooms[\(joins.count)]")
            }
        }
        return joins
    }

    private func join(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> Join {
        var room: RoomName?
        var since: StreamPosition?
        var tail: Int64?
        var events: RoomEvents?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "room": try fields.read("room", into: &room, in: bytes)
            case "since":
                try fields.refuse("since", twice: since != nil)
                do { since = try position(&fields, in: bytes) } catch { throw error.inside("since") }
            case "tail": try fields.read("tail", into: &tail, within: 0...1_000, in: bytes)
            case "events":
                try fields.refuse("events", twice: events != nil)
                events = try self.events(&fields, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return Join(
            room: try required(room, "room"), since: since, tail: tail.map { Int($0) }, events: events ?? .all
        )
    }

    private func position(
        _ fields: inout FieldReader, in bytes: Span<UInt8>
    ) throws(CommandFault) -> StreamPosition {
        var epoch: Epoch?
        var offset: Offset?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "epoch": try fields.read("epoch", into: &epoch, in: bytes)
            case "offset":
                try fields.read("offset", into: &offset, within: 0...StreamPosition.largestOffset, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return StreamPosition(epoch: try required(epoch, "epoch"), offset: try required(offset, "offset"))
    }

    /// Names nobody knows are passed: a newer client may ask for newer events.
    private func events(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> RoomEvents
    {
        var events: RoomEvents = []
        var count = 0
        try fields.beginArray("events", in: bytes)
        while try fields.nextElement("events", in: bytes) {
            var name: String?
            try fields.read("events[\(count)]", into: &name, in: bytes)
            switch name {
            case "presence": events.insert(.presence)
            case "typing": events.insert(.typing)
            default: break
            }
            count += 1
        }
        return events
    }

    private func publish(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> Publish {
        var room: RoomName?
        var clientID: ClientID?
        var body: [UInt8]?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "room": try fields.read("room", into: &room, in: bytes)
            case "clientId": try fields.read("clientId", into: &clientID, in: bytes)
            case "body": try fields.readRaw("body", into: &body, byteLimit: limits.bodyBytes, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return Publish(
            room: try required(room, "room"), clientID: clientID, body: try required(body, "body"))
    }

    private func history(
        _ fields: inout FieldReader, in bytes: Span<UInt8>
    ) throws(CommandFault) -> HistoryRequest {
        var room: RoomName?
        var before: Offset?
        var after: Offset?
        var limit: Int64?
        let offsets = 0...StreamPosition.largestOffset
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "room": try fields.read("room", into: &room, in: bytes)
            case "before": try fields.read("before", into: &before, within: offsets, in: bytes)
            case "after": try fields.read("after", into: &after, within: offsets, in: bytes)
            case "limit": try fields.read("limit", into: &limit, within: 1...1_000, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        let anchor: HistoryRequest.Anchor
        switch (before, after) {
        case (nil, nil): anchor = .newest
        case (let before?, nil): anchor = .before(before)
        case (nil, let after?): anchor = .after(after)
        case (_?, _?): throw CommandFault(.badRequest, "after", "excludes before; give one of the two")
        }
        return HistoryRequest(
            room: try required(room, "room"), anchor: anchor, limit: limit.map { Int($0) })
    }

    private func typing(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> Typing {
        var room: RoomName?
        var isOn: Bool?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "room": try fields.read("room", into: &room, in: bytes)
            case "on": try fields.read("on", into: &isOn, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return Typing(room: try required(room, "room"), isOn: isOn ?? true)
    }

    private func rooms(
        _ fields: inout FieldReader, in bytes: Span<UInt8>
    ) throws(CommandFault) -> RoomsRequest {
        var after: RoomName?
        var limit: Int64?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "after": try fields.read("after", into: &after, in: bytes)
            case "limit": try fields.read("limit", into: &limit, within: 1...1_000, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return RoomsRequest(after: after, limit: limit.map { Int($0) })
    }

    /// `{room}`.
    private func room(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> RoomName {
        var room: RoomName?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "room": try fields.read("room", into: &room, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return try required(room, "room")
    }

    /// `{token}`.
    private func token(_ fields: inout FieldReader, in bytes: Span<UInt8>) throws(CommandFault) -> String {
        var token: String?
        try fields.beginObject(in: bytes)
        while let key = try fields.nextKey(in: bytes) {
            switch key {
            case "token": try fields.read("token", into: &token, in: bytes)
            default: try fields.skip(in: bytes)
            }
        }
        return try required(token, "token")
    }

    /// `{}`.
    private func nothing(
        _ fields: inout FieldReader, in bytes: Span<UInt8>, _ command: Command
    ) throws(CommandFault) -> Command {
        try fields.beginObject(in: bytes)
        while try fields.nextKey(in: bytes) != nil { try fields.skip(in: bytes) }
        return command
    }
}
