import Chat

/// What a token's header says: by which key, and by which algorithm. Only the key is believed.
struct TokenHeader {
    /// The algorithm in `alg`; nil where it is none of ours, such as `none`.
    let algorithm: KeyAlgorithm?
    /// The key's name in `kid`.
    let keyID: String?

    /// Reads the header's JSON.
    init(_ json: [UInt8]) throws(TokenRefusal) {
        var algorithm: String?
        var keyID: String?
        do throws(TokenJSONFault) {
            var json = TokenJSON(json)
            try json.beginObject()
            while let name = try json.nextName() {
                switch name {
                case "alg":
                    try Self.refuse(twice: algorithm)
                    algorithm = try json.string()
                case "kid":
                    try Self.refuse(twice: keyID)
                    keyID = try json.string()
                // RFC 7515 §4.1.11: what is critical must be understood, and here nothing is.
                case "crit": throw TokenJSONFault("has crit, which this server does not know")
                default: try json.skip()
                }
            }
            try json.end()
            if algorithm == nil { throw TokenJSONFault("has no alg") }
        } catch {
            throw .refused("The token's header \(error.sentence): have it issued anew.")
        }
        self.algorithm = algorithm.flatMap(KeyAlgorithm.init(rawValue:))
        self.keyID = keyID
    }

    /// RFC 7515 §4: a name stands once.
    private static func refuse(twice value: String?) throws(TokenJSONFault) {
        if value != nil { throw TokenJSONFault("has alg or kid twice") }
    }
}
