import Bytes
import JWTKit

/// The keys of a JWKS text (RFC 7517) that this server can use, and what it thinks of the others.
struct KeySet {
    private(set) var keys: [TokenKey] = []
    /// Sentences about keys left out, and about what should not stand in the file.
    private(set) var warnings: [String] = []

    private typealias Members = [String: String]

    /// What becomes of one key of the file.
    private enum Reading {
        case key(TokenKey)
        case unknown(String)
    }

    /// Reads the text of the file at `path`. Throws where it is no key set, has a key that is weak or broken,
    /// or has none that can be used.
    init(_ text: [UInt8], path: String) throws(TokenSetupError) {
        let found: [Members]
        do { found = try Self.members(of: text) } catch {
            throw TokenSetupError(
                "\(path) is no key set, for it \(error.sentence): write {\"keys\":[{\"kty\":\"RSA\",…}]}, as "
                    + "an identity provider's jwks_uri answers.")
        }
        for (index, members) in found.enumerated() {
            let name = "\(path): key \(index + 1)" + (members["kid"].map { " (kid \($0))" } ?? "")
            switch try Self.read(members, name) {
            case .key(let key): keys.append(key)
            case .unknown(let reason): warnings.append("\(name) is left out: \(reason).")
            }
            if members["d"] != nil {
                warnings.append(
                    "\(name) holds its private half, of which nothing here needs to know: take it out of the "
                        + "file, and replace the key if others could read it.")
            }
        }
        try refuseTwins(path)
        leaveOutUnreachable(path)
        guard !keys.isEmpty else {
            throw TokenSetupError(
                "\(path) has no key that this server can use: it takes \(KeyAlgorithm.list)."
                    + (warnings.first.map { " \($0)" } ?? ""))
        }
    }

    /// Two keys of one name would leave the choice to the token.
    private func refuseTwins(_ path: String) throws(TokenSetupError) {
        var seen: Set<String> = []
        for id in keys.compactMap(\.id) where !seen.insert(id).inserted {
            throw TokenSetupError("\(path): two keys have the kid \(id); give each its own.")
        }
    }

    /// A key without a name is found by its algorithm, so it must be the only one for that.
    private mutating func leaveOutUnreachable(_ path: String) {
        let all = keys
        keys = all.filter { key in key.id != nil || all.count { $0.algorithm == key.algorithm } == 1 }
        guard keys.count < all.count else { return }
        warnings.append(
            "\(path): \(all.count - keys.count) keys without a kid are left out, since no token could name "
                + "them: give each a kid.")
    }

    // MARK: One key

    private static func read(_ members: Members, _ name: String) throws(TokenSetupError) -> Reading {
        if let use = members["use"], use != "sig" { return .unknown("it is not for signatures") }
        switch members["kty"] {
        case "oct": return try secret(members, name)
        case "RSA": return try rsa(members, name)
        case "EC": return try elliptic(members, name)
        case "OKP": return try edwards(members, name)
        default: return .unknown("its kty is none of oct, RSA, EC, OKP")
        }
    }

    private static func secret(_ members: Members, _ name: String) throws(TokenSetupError) -> Reading {
        guard isFor(.hs256, members) else { return .unknown("of secrets this server takes HS256 only") }
        let secret = try number("k", members, name)
        guard secret.count >= TokenKey.secretBytes else {
            throw TokenSetupError(
                "\(name) is a secret of \(secret.count) bytes; at least \(TokenKey.secretBytes) are needed.")
        }
        return .key(TokenKey(secret: secret, id: members["kid"]))
    }

    private static func rsa(_ members: Members, _ name: String) throws(TokenSetupError) -> Reading {
        guard isFor(.rs256, members) else { return .unknown("of RSA this server takes RS256 only") }
        let modulus = try number("n", members, name).drop { $0 == 0 }
        _ = try number("e", members, name)
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= 2_048 else {
            throw TokenSetupError(
                "\(name) is an RSA key of \(bits) bits, which can be broken: use at least 2048.")
        }
        let jwk = JWK.rsa(.rs256, identifier: nil, modulus: members["n"], exponent: members["e"])
        return try key(jwk, .rs256, members, name)
    }

    private static func elliptic(_ members: Members, _ name: String) throws(TokenSetupError) -> Reading {
        guard members["crv"] == "P-256", isFor(.es256, members) else {
            return .unknown("of elliptic curves this server takes P-256 with ES256 only")
        }
        _ = try number("x", members, name)
        _ = try number("y", members, name)
        let jwk = JWK.ecdsa(.es256, identifier: nil, x: members["x"], y: members["y"], curve: .p256)
        return try key(jwk, .es256, members, name)
    }

    private static func edwards(_ members: Members, _ name: String) throws(TokenSetupError) -> Reading {
        guard members["crv"] == "Ed25519", isFor(.edDSA, members) else {
            return .unknown("of octet key pairs this server takes Ed25519 with EdDSA only")
        }
        guard !SmallOrderPoint.contains(try number("x", members, name)) else {
            throw TokenSetupError(
                "\(name) is one of the points of small order, for which anybody can sign: replace it.")
        }
        let jwk = JWK.octetKeyPair(.eddsa, identifier: nil, x: members["x"], y: nil, curve: .ed25519)
        return try key(jwk, .edDSA, members, name)
    }

    private static func key(
        _ jwk: JWK, _ algorithm: KeyAlgorithm, _ members: Members, _ name: String
    ) throws(TokenSetupError) -> Reading {
        do { return .key(try TokenKey(jwk, for: algorithm, id: members["kid"])) } catch {
            throw TokenSetupError("\(name) is no key for \(algorithm.rawValue): its numbers are wrong.")
        }
    }

    /// A key that does not say what it is for is for what its type is for here.
    private static func isFor(_ algorithm: KeyAlgorithm, _ members: Members) -> Bool {
        members["alg"].map { $0 == algorithm.rawValue } ?? true
    }

    /// A member that is bytes; jwt-kit reads the text again, less strictly.
    private static func number(
        _ member: String, _ members: Members, _ name: String
    ) throws(TokenSetupError) -> [UInt8] {
        guard let bytes = members[member].flatMap({ Base64.decode($0, .url) }), !bytes.isEmpty else {
            throw TokenSetupError("\(name): its \(member) is missing or not base64url.")
        }
        return bytes
    }

    // MARK: JSON

    /// The textual members of each object in `keys`.
    private static func members(of text: [UInt8]) throws(TokenJSONFault) -> [Members] {
        var json = TokenJSON(text)
        var found: [Members]?
        try json.beginObject()
        while let name = try json.nextName() {
            guard name == "keys" else {
                try json.skip()
                continue
            }
            var keys = found ?? []
            try json.beginArray()
            while try json.nextElement() { keys.append(try object(&json)) }
            found = keys
        }
        try json.end()
        guard let found else { throw TokenJSONFault("has no keys") }
        return found
    }

    private static func object(_ json: inout TokenJSON) throws(TokenJSONFault) -> Members {
        var members: Members = [:]
        try json.beginObject()
        while let name = try json.nextName() {
            if try json.isAtString() { members[name] = try json.string() } else { try json.skip() }
        }
        return members
    }
}
