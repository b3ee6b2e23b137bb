import Bytes
import Chat

/// A token taken apart (RFC 7515 §7.1): three base64url parts with dots between them.
struct TokenText {
    /// The first part, decoded.
    let header: [UInt8]
    /// The second part, decoded.
    let claims: [UInt8]
    /// What the signature signs: the first two parts as they came.
    let signed: [UInt8]
    /// The third part, decoded.
    let signature: [UInt8]

    /// The longest token, in bytes.
    static let byteLimit = 8_192

    /// Takes a token apart; a longer one than the limit is not looked at.
    init(_ token: String) throws(TokenRefusal) {
        guard token.utf8.count <= Self.byteLimit else {
            throw .refused("The token is longer than \(Self.byteLimit) bytes: ask for one with fewer claims.")
        }
        let bytes = Array(token.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw .refused(
                "The token is no signed JWT, which is three parts with dots between them: send it whole, "
                    + "and nothing else.")
        }
        header = try Self.decode(parts[0])
        claims = try Self.decode(parts[1])
        signature = try Self.decode(parts[2])
        signed = Array(bytes[..<parts[1].endIndex])
    }

    private static func decode(_ part: ArraySlice<UInt8>) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64.decode(part.span, .url) else {
            throw .refused("The token is not base64url: send it exactly as it was issued.")
        }
        return bytes
    }
}
