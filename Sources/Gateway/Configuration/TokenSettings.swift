import TokensJWT

/// Where the keys of tokens are, and what tokens call things.
package struct TokenSettings: Sendable, Hashable {
    /// The file with the secret of HS256 tokens.
    package var secretFile: String?
    /// The file with the key set of others.
    package var jwksFile: String?
    /// Our name for a claim (`user`, `tenant`, `name`, `rooms`), and the token's.
    package var claims: [String: String]

    /// Settings of these facts.
    package init(secretFile: String?, jwksFile: String?, claims: [String: String]) {
        self.secretFile = secretFile
        self.jwksFile = jwksFile
        self.claims = claims
    }
}

extension TokenSettings {
    /// Reads the files. Throws what the operator must mend.
    func authority() throws(ConfigurationError) -> TokenAuthority {
        do { return try TokenAuthority(secretFile: secretFile, jwksFile: jwksFile, claims: claims) } catch {
            throw ConfigurationError(error.description)
        }
    }
}
