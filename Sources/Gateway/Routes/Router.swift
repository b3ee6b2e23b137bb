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
    private let assets: AssetRoute
    private let publications: PublicationsRoute
    private let status: StatusRoutes

    init(worker: Worker) {
        self.worker = worker
        guardian = OriginGuard(worker.configuration)
        assets = AssetRoute()
        publications = PublicationsRoute(worker: worker)
        status = StatusRoutes(worker: worker)
    }

    func route(_ request: HTTPRequest, on connection: HTTPConnection) -> Outcome {
        // The browser client is everybody's to load; what it does then is judged at `/ws`.
        if assets.isForEveryone(request) { return assets.route(request) }
        if let refusal = guardian.refusal(of: request, from: connection.peer) {
            return .answer(refused(request, ErrorReply(.forbidden, refusal), .forbidden))
        }
        guard let segments = request.pathSegments else {
            let sentence = "The path has a percent encoding that is broken, or stands for no text."
            return .answer(refused(request, ErrorReply(.badRequest, sentence), .badRequest))
        }
        switch segments.first {
        case "ws" where segments.count == 1: return webSocket(request, .chat)
        case "echo" where segments.count == 1 && worker.configuration.hasDiagnostics:
            return webSocket(request, .echo)
        case "api": return publications.route(request, segments, on: connection)
        case "healthz" where segments.count == 1, "readyz" where segments.count == 1,
            "metrics" where segments.count == 1:
            return status.route(request, segments[0], on: connection)
        default: return assets.route(request)
        }
    }

    /// JSON for the API's clients, a sentence for everybody else.
    private func refused(_ request: HTTPRequest, _ error: ErrorReply, _ status: HTTPStatus) -> HTTPResponse {
        request.path.hasPrefix("/api/")
            ? PublicationsRoute.response(error) : HTTPResponse(status, text: error.message).readableByAll()
    }

    private func webSocket(_ request: HTTPRequest, _ door: WebSocketDoor) -> Outcome {
        guard request.method == "GET" else { return .answer(.methodNotAllowed(["GET"])) }
        if worker.isDraining {
            let stopping = HTTPResponse(
                .serviceUnavailable, text: "The server is stopping; come back soon.",
                fields: ["Retry-After": "1"])
            return .answer(stopping.readableByAll())
        }
        do {
            let served = door == .chat ? ["parley.v1"] : []
            let handshake = try Handshake(request, serving: served, deflate: worker.deflate?.policy)
            return .upgrade(handshake, door)
        } catch {
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

    static func methodNotAllowed(_ methods: [String]) -> HTTPResponse {
        HTTPResponse(
            .methodNotAllowed, text: ErrorCode.methodNotAllowed.sentence,
            fields: ["Allow": methods.joined(separator: ", ")])
    }
}
