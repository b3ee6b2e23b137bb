import Foundation

/// Reads the operator's key files: a bounded part of each, with a sentence for everything that can be wrong.
enum KeyFile {
    /// The longest secret and the longest key set, in bytes.
    static let secretLimit = 4_096
    static let setLimit = 1 << 20

    /// The secret in the file: its bytes without one line break at the end.
    static func secret(at path: String) throws(TokenSetupError) -> [UInt8] {
        var secret = try read(path, limit: secretLimit, what: "secret")
        if secret.last == UInt8(ascii: "\n") { secret.removeLast() }
        guard !secret.starts(with: "-----BEGIN".utf8) else {
            throw TokenSetupError(
                "\(path) holds a key in PEM form, not a secret: write public keys into a JWKS file and name "
                    + "it by jwks, or make a secret with \(advice).")
        }
        guard secret.count >= TokenKey.secretBytes else {
            throw TokenSetupError(
                "The secret in \(path) has \(secret.count) bytes, and at least \(TokenKey.secretBytes) are "
                    + "needed: make one with \(advice).")
        }
        return secret
    }

    /// The text of the key set in the file.
    static func set(at path: String) throws(TokenSetupError) -> [UInt8] {
        try read(path, limit: setLimit, what: "key set")
    }

    /// How a secret is made.
    static let advice = "head -c 32 /dev/urandom | base64 > parley.secret"

    private static func read(
        _ path: String, limit: Int, what: String
    ) throws(TokenSetupError) -> [UInt8] {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            data = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw TokenSetupError(
                "The \(what) \(path) cannot be read: check that it is a file, and that this user may read it."
            )
        }
        guard data.count <= limit else {
            throw TokenSetupError("The \(what) \(path) is longer than \(limit) bytes: this is another file.")
        }
        return Array(data)
    }
}
