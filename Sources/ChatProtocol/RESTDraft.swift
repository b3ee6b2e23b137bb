import Bytes
import JSON

/// What `POST /api/v1/rooms/{room}/publications` carries: `{clientId?, body, user?, name?}`.
package struct RESTDraft: Sendable, Equatable {
    /// What the caller calls this draft; required in stored rooms.
    package var clientID: ClientID?
    /// Any JSON value on one line: line feeds between its tokens have become spaces, since a frame's objects
    /// stand one on a line.
    package var body: [UInt8]
    /// Development mode only: in whose name.
    package var user: UserID?
    /// Development mode only: the name shown; at most 128 bytes, no control characters.
    package var name: String?

    /// A draft of these facts.
    package init(clientID: ClientID?, body: [UInt8], user: UserID? = nil, name: String? = nil) {
        self.clientID = clientID
        self.body = body
        self.user = user
        self.name = name
    }

    /// Reads a request's content: one JSON object, over as many lines as it likes. The error is `badRequest`
    /// or `tooLarge` and names the field.
    package init(decoding content: Span<UInt8>, bodyBytes: Int) throws(ErrorReply) {
        do {
            var json = JSONReader()
            _ = try json.skip(in: content)
            try json.end(in: content)
        } catch {
            let sentence = "the request's content \(error.sentence), at byte \(error.offset)"
            throw ErrorReply(.badRequest, sentence)
        }
        do { try self.init(fieldsOf: content, bodyBytes: bodyBytes) } catch { throw error.reply }
    }

    private init(fieldsOf content: Span<UInt8>, bodyBytes: Int) throws(CommandFault) {
        var clientID: ClientID?
        var body: [UInt8]?
        var user: UserID?
        var name: String?
        var fields = FieldReader(json: JSONReader())
        do { try fields.beginObject(in: content) } catch { throw error.inside("the request's content") }
        while let key = try fields.nextKey(in: content) {
            switch key {
            case "clientId": try fields.read("clientId", into: &clientID, in: content)
            case "body": try fields.readRaw("body", into: &body, byteLimit: bodyBytes, in: content)
            case "user": try fields.read("user", into: &user, in: content)
            case "name":
                try fields.readLine("name", into: &name, byteLimit: Connect.textLimit, in: content)
            default: try fields.skip(in: content)
            }
        }
        let sent = try required(body, "body")
        // In a string a line feed is escaped, so each of these stands between two tokens.
        let oneLine = sent.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        self.init(clientID: clientID, body: oneLine, user: user, name: name)
    }
}
