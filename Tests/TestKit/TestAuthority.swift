import Foundation

/// A certificate authority for one test, made with the `openssl` program; its folder goes with it.
package final class TestAuthority {
    /// What `openssl` complained of.
    struct Failure: Error { let complaint: String }

    private let folder: URL

    /// Makes an authority with a key of its own.
    package init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.openssl(
            Self.newKey + [
                "-days", "30", "-subj", "/CN=Parley test CA", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign", "-keyout", path("ca.key"), "-out", path("ca.pem"),
            ])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The authority's own certificate.
    package var certificate: String { path("ca.pem") }

    /// The path of a file in its folder.
    package func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Issues NAME.pem and NAME.key for these alternative names (`DNS:localhost`, `IP:127.0.0.1`).
    @discardableResult
    package func issue(
        _ name: String, for names: [String], toClient: Bool = false
    ) throws -> (certificate: String, key: String) {
        let (certificate, key) = (path(name + ".pem"), path(name + ".key"))
        try Self.openssl(
            Self.newKey + [
                "-days", "20", "-CA", self.certificate, "-CAkey", path("ca.key"), "-subj", "/CN=\(name)",
                "-addext", "subjectAltName=" + names.joined(separator: ","),
                "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "extendedKeyUsage=" + (toClient ? "clientAuth" : "serverAuth"),
                "-keyout", key, "-out", certificate,
            ])
        return (certificate, key)
    }

    /// Issues NAME.pem and NAME.key to a client; the certificate ended yesterday.
    package func issueEnded(_ name: String) throws -> (certificate: String, key: String) {
        let (certificate, key) = try issue(name, for: ["DNS:" + name], toClient: true)
        try Self.openssl(
            ["req", "-new", "-key", key, "-subj", "/CN=\(name)", "-out", path("request")]
                + ["-addext", "extendedKeyUsage=clientAuth"])
        try Self.openssl(
            ["x509", "-req", "-in", path("request"), "-copy_extensions", "copy", "-days", "-1"]
                + ["-CA", self.certificate, "-CAkey", path("ca.key"), "-out", certificate])
        return (certificate, key)
    }

    /// A copy of the key, encrypted; its path.
    package func lock(_ key: String) throws -> String {
        try Self.openssl(["pkcs8", "-topk8", "-passout", "pass:open", "-in", key, "-out", key + ".locked"])
        return key + ".locked"
    }

    /// Writes a file of this text into its folder; its path.
    package func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    private static let newKey = [
        "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
    ]

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let complaint = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(complaint: String(decoding: complaint, as: UTF8.self))
        }
    }
}
