import JSON

/// Writes what the server says: one JSON object on one line, without a line feed at its end. What is optional
/// and absent is left out; the order of fields is fixed (`protocol/vectors/envelopes.json`).
package enum EnvelopeEncoder {
    /// The reply to the command of this number; only an error may go without.
    package static func bytes(of reply: Reply, id: CommandID?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        if let id {
            json.key("id")
            json.integer(id)
        }
        switch reply {
        case .ok(let answer):
            json.key("ok")
            json.answer(answer)
        case .error(let error):
            json.key("error")
            json.error(error)
        }
        json.endObject()
        return json.finish()
    }

    /// A push.
    package static func bytes(of push: Push) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        switch push {
        case .publication(let publication, let announcesEpoch):
            json.key("publication")
            json.publication(publication, withRoom: true, withEpoch: announcesEpoch)
        case .presence(let change):
            json.key("presence")
            json.rosterChange(change)
        case .typing(let room, let member, let isOn):
            json.key("typing")
            json.typing(room, member, isOn: isOn)
        case .skip(let room, let range):
            json.key("skip")
            json.beginObject()
            json.room(room)
            json.range(range)
            json.endObject()
        case .reset(let room, let epoch, let after):
            json.key("reset")
            json.beginObject()
            json.room(room)
            json.key("epoch")
            json.string(epoch.description)
            json.key("after")
            json.integer(after)
            json.endObject()
        case .expiring(let inMs):
            json.key("expiring")
            json.beginObject()
            json.key("inMs")
            json.integer(Int64(inMs))
            json.endObject()
        case .goaway(let afterMs):
            json.key("goaway")
            json.beginObject()
            json.key("afterMs")
            json.integer(Int64(afterMs))
            json.endObject()
        case .ping:
            json.key("ping")
            json.beginObject()
            json.endObject()
        }
        json.endObject()
        return json.finish()
    }

    /// What REST answers to a publication: the answer to `publish`.
    package static func restBytes(of published: Published) -> [UInt8] {
        content { $0.answer(.published(published)) }
    }

    /// What REST answers to a read of the past: the answer to `history`.
    package static func restBytes(of page: HistoryPage) -> [UInt8] { content { $0.answer(.history(page)) } }

    /// What REST answers when it does not do what was asked: an error reply without number.
    package static func restBytes(of error: ErrorReply) -> [UInt8] { bytes(of: .error(error), id: nil) }

    private static func content(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        write(&json)
        return json.finish()
    }
}
