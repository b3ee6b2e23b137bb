import Chat
import ChatProtocol
import HTTP1

/// Who makes a REST call: where tokens are asked for, one in `Authorization: Bearer` says it (RFC 6750 §2.1).
final class BearerCheck {
    private let verifier: (any TokenVerifier)?
    private let retryAfterMs: Int

    /// Without a verifier everybody is believed; with a busy one a caller comes back after `retryAfterMs`.
    init(verifier: (any TokenVerifier)?, retryAfterMs: Int) {
        self.verifier = verifier
        self.retryAfterMs = retryAfterMs
    }

    /// Runs `done` with the caller, or with why there is none; nil is a caller who need not show a token. At
    /// once where no token has to be verified.
    func identify(_ request: HTTPRequest, _ done: @escaping (Result<Caller?, ErrorReply>) -> Void) {
        let given = request.fields.values(of: "Authorization")
        let token = given.first.flatMap(Self.token)
        guard let verifier else {
            let sentence =
                "This server has no secret and no key set, so it can check no token: leave Authorization out."
            return done(token == nil ? .success(nil) : .failure(ErrorReply(.unauthorized, sentence)))
        }
        guard let token, given.count == 1 else {
            let sentence = "This server asks for a token: send one Authorization field, Bearer and the token."
            return done(.failure(ErrorReply(.unauthorized, sentence)))
        }
        verifier.verify(token) { [retryAfterMs] result in
            switch result {
            case .success(let caller): done(.success(caller))
            case .failure(.refused(let sentence)): done(.failure(ErrorReply(.unauthorized, sentence)))
            case .failure(.unavailable):
                let sentence = "The token cannot be checked just now; send the request again."
                done(.failure(ErrorReply(.unavailable, sentence, retryAfterMs: retryAfterMs)))
            }
        }
    }

    /// What stands behind `Bearer`; the scheme's case does not matter (RFC 9110 §11.1).
    private static func token(in field: String) -> String? {
        let words = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let scheme = words.first, scheme.equalsIgnoringCase("Bearer") else { return nil }
        return words.count == 2 ? String(words[1].drop { $0 == " " }) : ""
    }
}
