/// Why a token was not accepted. The sentences go to the client and never repeat the token.
package enum TokenRefusal: Error, Sendable, Hashable {
    /// The token is not one: forged, expired, of a wrong algorithm or form. A sentence says which.
    case refused(String)
    /// It cannot be checked now; the same token may be accepted later.
    case unavailable
}

/// Checks tokens. One endpoint serves one worker; completions run on that worker's loop, never inside the
/// call.
///
/// The key decides the algorithm, never the token's header; a token that is accepted has an expiry.
package protocol TokenVerifier: AnyObject {
    /// Says whose token it is and what it allows.
    func verify(_ token: String, completion: @escaping (Result<Caller, TokenRefusal>) -> Void)
}
