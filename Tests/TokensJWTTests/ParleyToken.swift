import Foundation
import JWTKit

/// What stands in a token for Parley.
struct ParleyToken: JWTPayload {
    struct Grant: Codable {
        var match: String
        var can: [String]
    }

    var sub: SubjectClaim
    var tenant: String
    var name: String
    var exp: ExpirationClaim
    var rooms: [Grant]

    func verify(using algorithm: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
}

/// Makes tokens with the secret that Parley has. Keep one for the life of your program.
struct ParleyTokens {
    private let keys = JWTKeyCollection()

    init(secretFile: String) async throws {
        var secret = Array(try Data(contentsOf: URL(fileURLWithPath: secretFile)))
        if secret.last == UInt8(ascii: "\n") { secret.removeLast() }  // the text itself, not decoded
        await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    func token(user: String, name: String) async throws -> String {
        let grant = ParleyToken.Grant(match: "support:*", can: ["join", "publish", "history", "presence"])
        return try await keys.sign(
            ParleyToken(
                sub: SubjectClaim(value: user), tenant: "acme", name: name,
                exp: ExpirationClaim(value: Date(timeIntervalSinceNow: 3600)), rooms: [grant]))
    }
}
