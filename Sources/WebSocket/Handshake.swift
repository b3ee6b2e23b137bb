import Bytes
import Digest
package import HTTP1

/// The server's side of the opening handshake (RFC 6455 §4.2): from an upgrade request to the answer 101. It
/// does not judge the origin, the path or who is asking.
package struct Handshake: Sendable, Hashable {
    /// The subprotocol agreed on; nil if the client named none that is served. RFC 6455 §4.2.2 lets the
    /// connection go on without one.
    package let subprotocol: String?
    /// The compression agreed on; nil if there is none.
    package let deflate: DeflateParameters?
    /// The 101 to send; after it the connection's bytes are frames.
    package let response: HTTPResponse

    /// Accepts `request`, or throws why not. Of the subprotocols the client offers, in the order of its
    /// preference, the first that is in `served` is agreed on. Of the extensions only `permessage-deflate`
    /// may be, by `policy`; nil: none at all.
    package init(
        _ request: HTTPRequest, serving served: [String], deflate policy: DeflatePolicy? = nil
    ) throws(HandshakeError) {
        guard request.method == "GET" else { throw .notGet }
        guard request.version == .http11 else { throw .oldVersion }
        guard request.fields.list("Upgrade", contains: "websocket") else { throw .noUpgrade }
        guard request.fields.list("Connection", contains: "Upgrade") else { throw .noConnectionUpgrade }
        let versions = request.fields.values(of: "Sec-WebSocket-Version")
        guard versions == ["13"] else { throw .unsupportedVersion }
        let key = try Self.key(of: request)
        let subprotocol = try Self.offered(by: request).first { served.contains($0) }
        // RFC 6455 §9.1: a list that is not one ends the handshake, whether or not any of it is wanted.
        guard let extensions = ExtensionOffer.list(in: request.fields) else { throw .malformedExtensions }
        deflate = policy.flatMap { DeflateParameters(choosingFrom: extensions, by: $0) }

        var fields: HTTPFields = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": Self.accept(key),
        ]
        if let subprotocol { fields.append("Sec-WebSocket-Protocol", subprotocol) }
        if let deflate { fields.append("Sec-WebSocket-Extensions", deflate.text) }
        self.subprotocol = subprotocol
        response = HTTPResponse(.switchingProtocols, fields: fields)
    }

    /// Whether the request asks for a WebSocket at all, well or badly.
    package static func isAskedFor(by request: HTTPRequest) -> Bool {
        request.fields.list("Upgrade", contains: "websocket")
    }

    /// What the server must answer to a client's key (RFC 6455 §4.2.2, 5.4).
    package static func accept(_ key: String) -> String {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        return Base64.encode(sha1(text.span).span)
    }

    /// RFC 6455 §4.2.1, 5: sixteen bytes in base64, once.
    private static func key(of request: HTTPRequest) throws(HandshakeError) -> String {
        let keys = request.fields.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, Base64.decode(keys[0])?.count == 16 else { throw .malformedKey }
        return keys[0]
    }

    /// RFC 6455 §4.1, 10: tokens, each once, over all field lines.
    private static func offered(by request: HTTPRequest) throws(HandshakeError) -> [String] {
        let offered = request.fields.list("Sec-WebSocket-Protocol")
        guard offered.allSatisfy(\.isToken), Set(offered).count == offered.count else {
            throw .malformedSubprotocols
        }
        return offered
    }
}
