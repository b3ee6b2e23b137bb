import Chat
import Time

/// Says whose a token is and what it allows. A value that any thread may use; it keeps nothing of a token.
///
/// The order of the checks is that of their cost, and nothing that a token claims is looked at before its
/// signature is known to be right.
struct TokenChecker: Sendable {
    let keys: TokenKeys
    let names: ClaimNames

    /// The caller of that token at that time; otherwise why not, in a sentence that repeats nothing of it.
    func caller(of token: String, at now: WallTime) throws(TokenRefusal) -> Caller {
        let text = try TokenText(token)
        let key = try keys.key(for: try TokenHeader(text.header))
        guard key.signed(text.signed, as: text.signature) else {
            throw .refused(
                "The token's signature is wrong: it was changed, or signed with a key that this server "
                    + "does not have. Ask for a new one.")
        }
        return try TokenClaims(text.claims, names).caller(at: now)
    }
}
