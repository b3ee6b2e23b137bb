import Chat
import ChatProtocol
import HTTP1
import Networking
import Time

/// `/api/v1/rooms/{room}/publications`: publish, and read the past.
final class PublicationsRoute {
    private unowned let worker: Worker
    private let bearers: BearerCheck
    private var rates: CallerRates

    init(worker: Worker) {
        self.worker = worker
        bearers = BearerCheck(
            verifier: worker.verifier, retryAfterMs: worker.configuration.limits.retryAfterMs)
        let limits = worker.configuration.limits.announced
        rates = CallerRates(
            rate: TokenRate(perSecond: limits.messagesPerSecond, burst: limits.messageBurst))
    }

    func route(_ request: HTTPRequest, _ segments: [String], on connection: HTTPConnection) -> Router.Outcome
    {
        guard segments.count == 5, segments[1] == "v1", segments[2] == "rooms", segments[4] == "publications"
        else {
            return .answer(Self.response(ErrorReply(.notFound)))
        }
        if ["POST", "PUT"].contains(request.method), !request.hasFraming {
            return .answer(Self.lengthRequired)
        }
        guard Self.methods.contains(request.method) else {
            if let granted = worker.http.router.crossOrigin.preflight(request, allowing: Self.methods) {
                return .answer(granted)
            }
            let refused = HTTPResponse.other(than: Self.methods, to: request)
            guard request.method != "OPTIONS" else { return .answer(refused) }
            var response = Self.response(ErrorReply(.methodNotAllowed))
            response.fields.append("Allow", refused.fields["Allow"] ?? "")
            return .answer(response)
        }
        // Before anything is said about the room or the content: strangers learn nothing.
        bearers.identify(request) { [self] result in
            do throws(ErrorReply) {
                let caller = try result.get()
                try pay(for: request, by: caller, on: connection)
                let room = try Self.room(segments[3])
                if let refusal = Self.refusal(ofContent: request) {
                    connection.answer(refusal)
                } else if request.method == "POST" {
                    try publish(request, in: room, by: caller, on: connection)
                } else {
                    try read(request, in: room, by: caller, on: connection)
                }
            } catch {
                connection.answer(Self.response(error))
            }
        }
        return .later
    }

    private static let methods = ["GET", "HEAD", "POST"]

    /// A draft whose end is not told. What follows may be meant as its content, so it is not read.
    private static let lengthRequired: HTTPResponse = {
        let sentence = "Send the draft with Content-Length or Transfer-Encoding: chunked."
        var refusal = response(ErrorReply(.badRequest, sentence), as: .lengthRequired)
        refusal.endsConnection = true
        return refusal
    }()

    /// RFC 9110 §15.5.16: drafts are JSON, and as they are.
    private static func refusal(ofContent request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "POST" else { return nil }
        guard request.fields.values(of: "Content-Encoding").allSatisfy({ $0.equalsIgnoringCase("identity") })
        else {
            let sentence = "Send the draft without Content-Encoding."
            var refusal = response(ErrorReply(.badRequest, sentence), as: .unsupportedMediaType)
            refusal.fields.append("Accept-Encoding", "identity")
            return refusal
        }
        let types = request.fields.values(of: "Content-Type").map { $0.prefix { $0 != ";" && $0 != " " } }
        guard types.count == 1, types[0].equalsIgnoringCase("application/json") else {
            let sentence = "Send the draft as JSON, with Content-Type: application/json."
            return response(ErrorReply(.badRequest, sentence), as: .unsupportedMediaType)
        }
        return nil
    }

    /// What is wrong with the request besides costs as much: a token is taken before anything is read.
    private func pay(
        for request: HTTPRequest, by caller: Caller?, on connection: HTTPConnection
    ) throws(ErrorReply) {
        let cost = request.method == "POST" ? 1 : Command.readCost
        let payer = CallerRates.Caller(caller, at: connection.peer.address)
        guard let wait = rates.take(cost, for: payer, at: worker.loop.now) else { return }
        worker.counters.limits[.messageRate, default: 0] += 1
        throw ErrorReply(.rateLimited, retryAfterMs: Int(wait.inMilliseconds) + 1)
    }

    private func publish(
        _ request: HTTPRequest, in room: RoomName, by caller: Caller?, on connection: HTTPConnection
    ) throws(ErrorReply) {
        let bodyBytes = worker.configuration.limits.announced.bodyBytes
        let draft = try RESTDraft(decoding: request.body.span, bodyBytes: bodyBytes)
        guard caller == nil || (draft.user == nil && draft.name == nil) else {
            throw ErrorReply(.badRequest, "user and name: the token says both, leave them out.")
        }
        let publish = Publish(room: room, clientID: draft.clientID, body: draft.body)
        let author = caller ?? Self.believed(draft.user ?? Self.guest, draft.name)
        worker.http.ask(author, .publish(publish), for: connection) { reply in
            connection.answer(Self.response(reply))
        }
    }

    private func read(
        _ request: HTTPRequest, in room: RoomName, by caller: Caller?, on connection: HTTPConnection
    ) throws(ErrorReply) {
        guard let query = request.query else {
            throw ErrorReply(.badRequest, "The query has a broken percent encoding.")
        }
        let before = try Self.number("before", query, 1...StreamPosition.largestOffset)
        let after = try Self.number("after", query, 0...StreamPosition.largestOffset)
        let limit = try Self.number("limit", query, 1...1_000)
        let anchor: HistoryRequest.Anchor
        switch (before, after) {
        case (nil, nil): anchor = .newest
        case (let before?, nil): anchor = .before(before)
        case (nil, let after?): anchor = .after(after)
        default: throw ErrorReply(.badRequest, "Give before or after, not both.")
        }
        let history = HistoryRequest(room: room, anchor: anchor, limit: limit.map(Int.init))
        worker.http.ask(caller ?? Self.believed(Self.guest, nil), .history(history), for: connection) {
            reply in
            connection.answer(Self.response(reply))
        }
    }

    /// Who publishes by REST without saying who it is; development mode only.
    private static let guest: UserID = {
        guard let guest = try? UserID("guest") else { preconditionFailure("guest is a user's name") }
        return guest
    }()

    /// Where there are no tokens everybody is who they say.
    private static func believed(_ user: UserID, _ name: String?) -> Caller {
        Caller(tenant: .default, user: user, name: name, grants: .everything)
    }

    private static func room(_ text: String) throws(ErrorReply) -> RoomName {
        do {
            return try RoomName(text)
        } catch {
            throw ErrorReply(.badRequest, "The room in the path is not one: \(error).")
        }
    }

    private static func number(
        _ name: String, _ query: HTTPQuery, _ range: ClosedRange<Int64>
    ) throws(ErrorReply) -> Int64? {
        guard let text = query[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw ErrorReply(
                .badRequest, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private static func response(_ reply: Reply) -> HTTPResponse {
        switch reply {
        case .error(let error): return response(error)
        case .ok(.published(let published)):
            let status = published.isRepeat ? HTTPStatus.ok : .created
            return json(status, EnvelopeEncoder.restBytes(of: published))
        case .ok(.history(let page)): return json(.ok, EnvelopeEncoder.restBytes(of: page))
        case .ok: preconditionFailure("REST asks for nothing else")
        }
    }

    /// A refusal in the form of all of REST's; `status` where HTTP has a better one than the error's.
    static func response(_ error: ErrorReply, as status: HTTPStatus? = nil) -> HTTPResponse {
        var response = json(
            status ?? HTTPStatus(code: error.code.httpStatus), EnvelopeEncoder.restBytes(of: error))
        // RFC 9110 §15.5.2: a 401 says what it wants.
        if error.code.httpStatus == 401 { response.fields.append("WWW-Authenticate", "Bearer") }
        if let afterMs = error.retryAfterMs {
            response.fields.append("Retry-After", String(max(1, (afterMs + 999) / 1_000)))
        }
        return response
    }

    private static func json(_ status: HTTPStatus, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status,
            fields: [
                "Content-Type": "application/json", "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            ],
            body: body)
    }
}

extension HTTPStatus {
    /// The status of an error's number; every number of `errors.json` is here.
    init(code: Int) {
        let known: [HTTPStatus] = [
            .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .conflict, .contentTooLarge,
            .unprocessableContent, .tooManyRequests, .serviceUnavailable,
        ]
        self = known.first { $0.code == code } ?? .internalServerError
    }
}
