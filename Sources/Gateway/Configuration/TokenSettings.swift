package import TokensJWT

/// Where the keys of tokens are, and what tokens call things.
package struct TokenSettings: Sendable, Hashable {
    /// The file with the secret of HS256 tokens.
    package var secretFile: String?
    /// The file with the key set of others.
    package var jwksFile: String?
    /// Our name for a claim (`user`, `tenant`, `name`, `rooms`), and the token's.
    package var claims: [String: String]
    /// Where `secretFile` was written.
    package var secretSource: SettingSource

    /// Settings of these facts.
    package init(
        secretFile: String?, jwksFile: String?, claims: [String: String],
        secretSource: SettingSource = .fallback
    ) {
        self.secretFile = secretFile
        self.jwksFile = jwksFile
        self.claims = claims
        self.secretSource = secretSource
    }

    /// Reads the files and forgets them: whether `authority` will do.
    package func check() throws(ConfigurationError) { _ = try authority() }

    /// What signs tokens with the secret; nil where there is none. Throws what the operator must mend.
    package func signer() throws(ConfigurationError) -> TokenSigner? {
        guard let secretFile else { return nil }
        do { return try TokenSigner(secretFile: secretFile, claims: claims) } catch { throw placed(error) }
    }

    /// Reads the files. Throws what the operator must mend.
    func authority() throws(ConfigurationError) -> TokenAuthority {
        do { return try TokenAuthority(secretFile: secretFile, jwksFile: jwksFile, claims: claims) } catch {
            throw placed(error)
        }
    }

    /// Who wrote the secret itself where its file's name belongs finds it by the place, and does not see it.
    private func placed(_ error: TokenSetupError) -> ConfigurationError {
        let isNamed = error.isSecretUnreadable && secretSource != .fallback
        return ConfigurationError(isNamed ? "\(secretSource): \(error)" : error.description)
    }
}
