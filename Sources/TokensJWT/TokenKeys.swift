import Chat

/// The keys by which tokens are accepted, and the rule that finds the one for a token. The key decides the
/// algorithm; what the token's header says of it only has to agree.
struct TokenKeys: Sendable {
    private let keys: [TokenKey]
    /// What the operator should know about the files.
    let warnings: [String]

    /// The secret of a file, the keys of a JWKS file, or both. Throws a sentence for the operator.
    init(secretFile: String?, jwksFile: String?) throws(TokenSetupError) {
        var keys: [TokenKey] = []
        var warnings: [String] = []
        if let secretFile { keys.append(TokenKey(secret: try KeyFile.secret(at: secretFile), id: nil)) }
        if let jwksFile {
            let set = try KeySet(try KeyFile.set(at: jwksFile), path: jwksFile)
            if secretFile != nil, set.keys.contains(where: { $0.id == nil && $0.algorithm == .hs256 }) {
                throw TokenSetupError(
                    "\(jwksFile) has a secret without a kid beside secretFile: give it a kid, so that tokens "
                        + "can say which they mean.")
            }
            keys += set.keys
            warnings = set.warnings
        }
        guard !keys.isEmpty else {
            throw TokenSetupError("Tokens need a secret or a key set: give secretFile or jwks.")
        }
        self.keys = keys
        self.warnings = warnings
    }

    /// These keys.
    init(_ keys: [TokenKey]) {
        self.keys = keys
        warnings = []
    }

    /// The key a token was signed with, by what its header says.
    func key(for header: TokenHeader) throws(TokenRefusal) -> TokenKey {
        let key: TokenKey
        if let id = header.keyID { key = try named(id) } else { key = try unnamed(header) }
        guard let algorithm = header.algorithm else {
            throw .refused(
                "The token's alg is one that this server never takes: sign it with \(key.algorithm.rawValue)."
            )
        }
        guard algorithm == key.algorithm else {
            throw .refused(
                "The token says it is signed with \(algorithm.rawValue), but the key is for "
                    + "\(key.algorithm.rawValue): sign it with that.")
        }
        return key
    }

    private func named(_ id: String) throws(TokenRefusal) -> TokenKey {
        guard let key = keys.first(where: { $0.id == id }) else {
            throw .refused(
                "The token's kid names a key that this server does not have: sign with one it has, or "
                    + "have its key set brought up to date.")
        }
        return key
    }

    private func unnamed(_ header: TokenHeader) throws(TokenRefusal) -> TokenKey {
        if keys.count == 1 { return keys[0] }
        guard let algorithm = header.algorithm else {
            throw .refused(
                "The token's alg is one that this server never takes: sign it with one of "
                    + "\(KeyAlgorithm.list).")
        }
        // A token without a kid means the key without one, where there is just one such.
        let fitting = keys.filter { $0.algorithm == algorithm }
        let nameless = fitting.filter { $0.id == nil }
        let candidates = nameless.count == 1 ? nameless : fitting
        guard let key = candidates.first else {
            throw .refused("None of this server's keys is for \(algorithm.rawValue): sign with another.")
        }
        guard candidates.count == 1 else {
            throw .refused(
                "Several of this server's keys are for \(algorithm.rawValue): name the key with kid in the "
                    + "token's header.")
        }
        return key
    }
}
