package import HTTP1

/// Why an upgrade request is refused (RFC 6455 §4.2.1).
package enum HandshakeError: String, Error, Sendable, CaseIterable {
    case notGet
    case oldVersion
    case noUpgrade
    case noConnectionUpgrade
    case unsupportedVersion
    case malformedKey
    case malformedSubprotocols
    case malformedExtensions

    /// The status code of the answer.
    package var status: HTTPStatus {
        switch self {
        case .notGet: .methodNotAllowed
        case .noUpgrade, .unsupportedVersion: .upgradeRequired
        default: .badRequest
        }
    }

    /// What was wrong, for the person who reads the answer.
    package var sentence: String {
        switch self {
        case .notGet: "A WebSocket begins with a GET request."
        case .oldVersion: "A WebSocket needs HTTP/1.1."
        case .noUpgrade: "Here is a WebSocket: the request must have the field Upgrade: websocket."
        case .noConnectionUpgrade:
            "The request must have the field Connection: Upgrade; a proxy may have dropped it."
        case .unsupportedVersion: "The request must have the field Sec-WebSocket-Version: 13."
        case .malformedKey: "Sec-WebSocket-Key must be sixteen bytes in base64, once."
        case .malformedSubprotocols: "Sec-WebSocket-Protocol must be a list of different tokens."
        case .malformedExtensions:
            "Sec-WebSocket-Extensions must be a list of names with parameters (RFC 6455 section 9.1)."
        }
    }

    /// The answer. RFC 9110 §15.5.22, RFC 6455 §4.4: 426 says what to upgrade to.
    package var response: HTTPResponse {
        switch self {
        case .notGet: HTTPResponse(status, text: sentence, fields: ["Allow": "GET"])
        case .noUpgrade, .unsupportedVersion:
            HTTPResponse(
                status, text: sentence, fields: ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"])
        default: HTTPResponse(status, text: sentence)
        }
    }
}
