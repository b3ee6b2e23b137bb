package import Chat
import Synchronization
package import Time

/// By which keys and under which claim names this process accepts tokens. All workers share it; the keys can
/// be read again while they do.
package final class TokenAuthority: Sendable {
    private let secretFile: String?
    private let jwksFile: String?
    private let names: ClaimNames
    private let checker: Mutex<TokenChecker>

    /// Reads the files: a secret, a JWKS, or both. `claims` says what the issuer calls `user`, `tenant`,
    /// `name` and `rooms`. Throws a sentence for the operator.
    package init(
        secretFile: String?, jwksFile: String?, claims: [String: String]
    ) throws(TokenSetupError) {
        self.secretFile = secretFile
        self.jwksFile = jwksFile
        names = try ClaimNames(claims)
        let keys = try TokenKeys(secretFile: secretFile, jwksFile: jwksFile)
        checker = Mutex(TokenChecker(keys: keys, names: names))
    }

    /// What the operator should know about the files, a sentence each.
    package var warnings: [String] { checker.withLock { $0.keys.warnings } }

    /// Reads the files again. Where that fails the old keys stay in force.
    package func reload() throws(TokenSetupError) {
        let keys = try TokenKeys(secretFile: secretFile, jwksFile: jwksFile)
        checker.withLock { $0 = TokenChecker(keys: keys, names: names) }
    }

    /// The caller of that token at that time. Takes 5 to 100 microseconds and no lock meanwhile.
    package func caller(of token: String, at now: WallTime) throws(TokenRefusal) -> Caller {
        try checker.withLock { $0 }.caller(of: token, at: now)
    }
}
