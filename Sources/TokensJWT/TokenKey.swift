import Foundation
import JWTKit

/// One key and the one algorithm it is for. It is checked when it is made; using it never throws.
struct TokenKey: Sendable {
    /// How tokens name it (`kid`); nil for a key without a name.
    let id: String?
    let algorithm: KeyAlgorithm
    private let signer: any JWTAlgorithm

    /// The fewest bytes of a secret: as many as HS256's hash has (RFC 7518 §3.2). jwt-kit asserts it.
    static let secretBytes = 32

    /// A secret for HS256, of at least `secretBytes` bytes.
    init(secret: [UInt8], id: String?) {
        precondition(secret.count >= Self.secretBytes, "a secret's length is checked before")
        do {
            signer = try CallingThread.result {
                let keys = JWTKeyCollection()
                await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
                return try await keys.getKey()
            }
        } catch {
            preconditionFailure("a collection knows the key it was given: \(error)")
        }
        self.id = id
        algorithm = .hs256
    }

    /// A public key. Throws where its numbers are none.
    init(_ key: JWK, for algorithm: KeyAlgorithm, id: String?) throws {
        // The collection wants a name; ours need none.
        var named = key
        named.keyIdentifier = "key"
        let jwk = named
        signer = try CallingThread.result {
            let keys = JWTKeyCollection()
            try await keys.add(jwk: jwk)
            return try await keys.getKey(for: "key", alg: algorithm.rawValue)
        }
        precondition(signer.name == algorithm.rawValue, "jwt-kit made a key for \(signer.name)")
        self.id = id
        self.algorithm = algorithm
    }

    /// Whether the holder of this key signed `bytes`. A signature of a wrong length is a wrong one.
    func signed(_ bytes: some DataProtocol, as signature: [UInt8]) -> Bool {
        (try? signer.verify(signature, signs: bytes)) ?? false
    }

    /// Signs `bytes`; only secrets can.
    func sign(_ bytes: [UInt8]) -> [UInt8] {
        do { return try signer.sign(bytes) } catch {
            preconditionFailure("only a secret signs: \(error)")
        }
    }
}
