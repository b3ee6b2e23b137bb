/// The four ways a token may be signed (RFC 7518 §3.1, RFC 8037), by their names in `alg`.
enum KeyAlgorithm: String, CaseIterable, Sendable {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"
    case edDSA = "EdDSA"

    /// All names, for sentences.
    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
