import BrowserClient
import Bytes
import Chat
import ChatProtocol
import HTTP1
import WebSocket

/// The doors behind which a connection is a WebSocket.
enum WebSocketDoor {
    /// `/ws`: the chat.
    case chat
    /// `/echo`: every message comes back; with `--diagnostics` only.
    case echo
}

/// Which door a request knocks at.
final class Router {
    /// What becomes of a request.
    enum Outcome {
        /// This.
        case answer(HTTPResponse)
        /// These fields, and a body that all connections share.
        case asset(HTTPResponse, SharedBytes)
        /// The connection becomes a WebSocket.
        case upgrade(Handshake, WebSocketDoor)
        /// The answer comes later.
        case later
    }

    private unowned let worker: Worker
    private let guardian: OriginGuard
    /// What the API lets pages of other origins do.
    let crossOrigin: CrossOrigin
    private let assets: AssetRoute
    private let publications: PublicationsRoute
    private let status: StatusRoutes

    init(worker: Worker) {
        self.worker = worker
        guardian = OriginGuard(worker.configuration)
        crossOrigin = CrossOrigin(guardian)
        assets = AssetRoute()
        publications = PublicationsRoute(worker: worker)
        status = StatusRoutes(worker: worker)
    }

    func route(_ request: HTTPRequest, on connection: HTTPConnection) -> Outcome {
        // The browser client is everybody's to load; what it does then is judged at `/ws`.
        if assets.isForEveryone(request) { return assets.route(request) }
        if let refusal = guardian.refusal(of: request, from: connection.peer) {
            return .answer(self.refusal(of: request, .forbidden, refusal))
        }
        guard Self.methods.contains(request.method) else {
            let sentence = "This server knows no method \(request.method.prefix(32))."
            return .answer(refusal(of: request, .notImplemented, sentence))
        }
        if request.target == "*" { return .answer(.other(than: ["GET", "HEAD", "POST"], to: request)) }
        guard let segments = request.pathSegments else {
            let sentence = "The path has a percent encoding that is broken, or stands for no text."
            return .answer(refusal(of: request, .badRequest, sentence))
        }
        switch segments.first {
        case "ws" where segments.count == 1: return webSocket(request, .chat, on: connection)
        case "echo" where segments.count == 1 && worker.configuration.hasDiagnostics:
            return webSocket(request, .echo, on: connection)
        case "api": return publications.route(request, segments, on: connection)
        case "healthz" where segments.count == 1, "readyz" where segments.count == 1,
            "metrics" where segments.count == 1:
            return status.route(request, segments[0], on: connection)
        default: return assets.route(request)
        }
    }

    /// RFC 9110 §9.3 and RFC 5789, without CONNECT and TRACE: what another server would do with them is what
    /// an attacker wants. A method that is known and not meant is 405 where it knocks, any other 501.
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

    /// JSON for the API's clients, a sentence for everybody else; `request` is nil where it is not known.
    func refusal(of request: HTTPRequest?, _ status: HTTPStatus, _ sentence: String) -> HTTPResponse {
        guard let request, request.path.hasPrefix("/api/") else {
            return HTTPResponse(status, text: sentence).readableByAll()
        }
        let codes: [HTTPStatus: ErrorCode] = [.forbidden: .forbidden, .contentTooLarge: .tooLarge]
        let error = ErrorReply(codes[status] ?? .badRequest, sentence)
        return PublicationsRoute.response(error, as: status)
    }

    private static func refused(_ refusal: DoorRefusal) -> Outcome {
        .answer(refusal.response.readableByAll())
    }

    private func webSocket(
        _ request: HTTPRequest, _ door: WebSocketDoor, on connection: HTTPConnection
    ) -> Outcome {
        guard request.method == "GET" else { return .answer(.other(than: ["GET"], to: request)) }
        if worker.isDraining {
            let stopping = HTTPResponse(
                .serviceUnavailable, text: "The server is stopping; come back soon.",
                fields: ["Retry-After": "1"])
            return .answer(stopping.readableByAll())
        }
        do {
            let served = door == .chat ? ["parley.v1"] : []
            let handshake = try Handshake(request, serving: served, deflate: worker.deflate?.policy)
            if let refusal = connection.handshakeRefusal(isTrial: false) { return Self.refused(refusal) }
            return .upgrade(handshake, door)
        } catch {
            // A page asks by plain HTTP why it was refused: it is told what it would be told again.
            if let refusal = connection.handshakeRefusal(isTrial: true) { return Self.refused(refusal) }
            return .answer(error.response.readableByAll())
        }
    }
}

extension HTTPResponse {
    /// Lets pages of every origin read it. A browser tells a page nothing of a handshake that was refused:
    /// `client.js` asks again by plain HTTP, so that whoever embeds it reads why. For refusals only.
    func readableByAll() -> HTTPResponse {
        var copy = self
        copy.fields.append("Access-Control-Allow-Origin", "*")
        return copy
    }

    /// The answer of a door to a method that is none of its own: 204 to OPTIONS (RFC 9110 §9.3.7), else 405;
    /// both say which there are.
    static func other(than methods: [String], to request: HTTPRequest) -> HTTPResponse {
        let fields: HTTPFields = ["Allow": (methods + ["OPTIONS"]).joined(separator: ", ")]
        if request.method == "OPTIONS" { return HTTPResponse(.noContent, fields: fields) }
        return HTTPResponse(.methodNotAllowed, text: ErrorCode.methodNotAllowed.sentence, fields: fields)
    }

    /// With what every answer says: its type is not to be guessed, and a refusal is of this moment only.
    func hardened() -> HTTPResponse {
        guard status.code >= 200 else { return self }
        var copy = self
        for (name, value, isWanted) in [
            ("X-Content-Type-Options", "nosniff", true), ("Cache-Control", "no-store", status.code >= 400),
        ] where isWanted && fields[name] == nil { copy.fields.append(name, value) }
        return copy
    }
}
