/// Why a command was refused: number and name stand on the wire, the table is `protocol/errors.json`, and
/// `ErrorCodeTests` holds the two together.
package enum ErrorCode: Int, CaseIterable, Sendable {
    case badRequest = 100
    case unknownVerb = 101
    case notConnected = 102
    case alreadyConnected = 103
    case unauthorized = 104
    case forbidden = 105
    case notJoined = 106
    case tooLarge = 107
    case clientIdReused = 108
    case tooManyRooms = 109
    case tooManyOutstanding = 110
    case unavailable = 111
    case notStored = 112
    case refused = 113
    case notFound = 114
    case methodNotAllowed = 115
    case rateLimited = 116

    /// The name on the wire.
    package var name: String { String(describing: self) }

    /// The status a REST call answers with.
    package var httpStatus: Int {
        switch self {
        case .badRequest, .unknownVerb: 400
        case .notConnected, .unauthorized: 401
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .alreadyConnected, .notJoined, .clientIdReused, .notStored, .tooManyRooms: 409
        case .tooLarge: 413
        case .refused: 422
        case .tooManyOutstanding, .rateLimited: 429
        case .unavailable: 503
        }
    }

    /// Whether the same command may succeed later, unchanged.
    package var mayRetry: Bool {
        switch self {
        case .tooManyOutstanding, .unavailable, .rateLimited: true
        default: false
        }
    }

    /// What a person is told where nothing more exact is known.
    package var sentence: String {
        switch self {
        case .badRequest: "The command is not what the protocol describes; the message names the field."
        case .unknownVerb: "This server knows no such command."
        case .notConnected: "Send connect first."
        case .alreadyConnected: "This session is connected already; connect is sent once."
        case .unauthorized: "The token was refused."
        case .forbidden: "You may not do this in this room."
        case .notJoined: "Join the room first."
        case .tooLarge: "The body is larger than this server accepts."
        case .clientIdReused:
            "This clientId was used before with another body; a new message needs a new clientId."
        case .tooManyRooms: "This session is in as many rooms as it may be."
        case .tooManyOutstanding: "Too many commands are under way; wait for replies before sending more."
        case .unavailable:
            """
            The archive does not answer; the message may or may not be stored. \
            Send it again with the same clientId.
            """
        case .notStored: "This room is ephemeral: nothing in it is stored, so it has no history."
        case .refused: "The archive cannot store this body."
        case .notFound: "There is nothing here under this name."
        case .methodNotAllowed:
            "This address does not know this method; the Allow header lists those it knows."
        case .rateLimited: "Too many commands in a short time; nothing was done. Send it again later."
        }
    }
}
