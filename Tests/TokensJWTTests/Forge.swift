import Bytes
import Chat
import ChatProtocol
import JWTKit
import Testing
import Time

@testable import TokensJWT

/// Makes tokens as an issuer would, and as nobody should.
struct Forge {
    /// The public half as a line of a JWKS; a secret has no other half.
    let jwk: String
    let algorithm: KeyAlgorithm
    private let sign: @Sendable ([UInt8]) throws -> [UInt8]

    /// A token with this header and these claims, both as JSON texts.
    func token(_ claims: String, header: String? = nil) throws -> String {
        let header = header ?? #"{"alg":"\#(algorithm.rawValue)"}"#
        let signed = Self.base64(Array(header.utf8)) + "." + Self.base64(Array(claims.utf8))
        return signed + "." + Self.base64(try sign(Array(signed.utf8)))
    }

    /// The server's key of it.
    func key(id: String? = nil) throws -> TokenKey {
        let line = id.map { #"{"kid":"\#($0)",\#(jwk.dropFirst())"# } ?? jwk
        return try KeySet(Array(#"{"keys":[\#(line)]}"#.utf8), path: "test").keys[0]
    }

    static func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes.span, .url) }

    static let secretText = "0123456789abcdef0123456789abcdef"

    /// With a secret of these bytes, which the server need not know.
    static func secret(_ secret: String = secretText) -> Forge {
        let key = TokenKey(secret: Array(secret.utf8), id: nil)
        return Forge(
            jwk: #"{"kty":"oct","k":"\#(base64(Array(secret.utf8)))"}"#, algorithm: .hs256,
            sign: { key.sign($0) })
    }

    /// The RSA key of RFC 7515 A.2.
    static func rsa() throws -> Forge {
        let key = try Insecure.RSA.PrivateKey(
            modulus: RFC7515.modulus, exponent: "AQAB", privateExponent: RFC7515.privateExponent)
        let signer = try CallingThread.result {
            try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256).getKey()
        }
        return Forge(
            jwk: #"{"kty":"RSA","n":"\#(RFC7515.modulus)","e":"AQAB"}"#, algorithm: .rs256,
            sign: { try signer.sign($0) })
    }

    /// A new P-256 key.
    static func elliptic() throws -> Forge {
        let key = ES256PrivateKey()
        let signer = try CallingThread.result { try await JWTKeyCollection().add(ecdsa: key).getKey() }
        let numbers = try #require(key.parameters)
        let (x, y) = (url(numbers.x), url(numbers.y))
        return Forge(
            jwk: #"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}"#, algorithm: .es256,
            sign: { try signer.sign($0) })
    }

    /// A new Ed25519 key.
    static func edwards() throws -> Forge {
        let key = try EdDSA.PrivateKey()
        let signer = try CallingThread.result { try await JWTKeyCollection().add(eddsa: key).getKey() }
        let x = base64(Array(key.publicKey.rawRepresentation))
        return Forge(
            jwk: #"{"kty":"OKP","crv":"Ed25519","x":"\#(x)"}"#, algorithm: .edDSA,
            sign: { try signer.sign($0) })
    }

    /// One of each algorithm.
    static func all() throws -> [Forge] { [secret(), try rsa(), try elliptic(), try edwards()] }

    /// jwt-kit tells coordinates in standard base64.
    private static func url(_ standard: String) -> String {
        base64(Base64.decode(standard) ?? [])
    }
}

/// The keys and tokens of RFC 7515's appendix A, to hold ours against what everybody else's are held.
enum RFC7515 {
    /// `{"iss":"joe","exp":1300819380,"http://example.com/is_root":true}`, over three lines.
    static let claims =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    /// When they expire.
    static let expiry = WallTime(milliseconds: 1_300_819_380_000)

    static let secretKey = """
        {"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr\
        1Z9CAow"}
        """
    static let secretToken =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(claims).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    static let modulus =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql"
        + "L-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs"
        + "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud"
        + "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    static let privateExponent =
        "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe"
        + "46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9J"
        + "YanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuh"
        + "LhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ"
    static let rsaKey = #"{"kty":"RSA","n":"\#(modulus)","e":"AQAB"}"#
    static let rsaToken =
        "eyJhbGciOiJSUzI1NiJ9.\(claims)."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG"
        + "bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
        + "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
        + "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

    static let ellipticKey = """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """
    static let ellipticToken =
        "eyJhbGciOiJFUzI1NiJ9.\(claims)."
        + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
}

/// The time at which the tests' tokens are looked at.
let now = WallTime(milliseconds: 1_800_000_000_000)

/// Claims that nothing is wrong with at `now`, and `more` behind them.
func goodClaims(_ more: String = "") -> String {
    #"{"sub":"ada","exp":1800000060\#(more.isEmpty ? "" : ",")\#(more)}"#
}

/// The sentence with which something is refused; nil where it is accepted.
func sentence<Value>(_ body: () throws -> Value) -> String? {
    do {
        _ = try body()
        return nil
    } catch TokenRefusal.refused(let sentence) {
        return sentence
    } catch {
        Issue.record("no refusal but \(error)")
        return nil
    }
}
