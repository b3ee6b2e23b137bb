import Foundation
import Glibc

/// Reads the operator's key files: a bounded part of each, with a sentence for everything that can be wrong.
enum KeyFile {
    /// The longest secret and the longest key set, in bytes.
    static let secretLimit = 4_096
    static let setLimit = 1 << 20

    /// The secret in the file: its bytes without one line break at the end.
    static func secret(at path: String) throws(TokenSetupError) -> [UInt8] {
        guard let file = read(path, limit: secretLimit) else {
            throw TokenSetupError(
                "The file that secretFile names cannot be read: check that it is a plain file and that this "
                    + "user may read it; what belongs there is its path, not the secret.",
                isSecretUnreadable: true)
        }
        var secret = try bounded(file, secretLimit, "secret \(path)")
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
        guard let set = read(path, limit: setLimit) else {
            throw TokenSetupError(
                "The key set \(path) cannot be read: check that it is a plain file, and that this user may "
                    + "read it.")
        }
        return try bounded(set, setLimit, "key set \(path)")
    }

    /// How a secret is made.
    static let advice = "head -c 32 /dev/urandom | base64 > parley.secret"

    private static func bounded(
        _ content: [UInt8], _ limit: Int, _ name: String
    ) throws(TokenSetupError) -> [UInt8] {
        guard content.count <= limit else {
            throw TokenSetupError("The \(name) is longer than \(limit) bytes: this is another file.")
        }
        return content
    }

    /// One byte more than the limit at most; nil for what is no plain file. A pipe is not waited for: nobody
    /// may ever write to it, and SIGHUP is heard by the thread that reads here.
    private static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        do { return Array(try file.read(upToCount: limit + 1) ?? Data()) } catch { return nil }
    }
}
