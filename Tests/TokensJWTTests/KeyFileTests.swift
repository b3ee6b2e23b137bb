import Foundation
import Glibc
import Testing

@testable import TokensJWT

@Suite("KeyFile: a secret's bytes are the file's, and what is wrong is told with the file's name")
struct KeyFileTests {
    private let folder: KeyFolder

    init() throws { folder = try KeyFolder() }

    @Test("one line break at the end is the editor's, a second one is the secret's")
    func readsSecrets() throws {
        let text = Forge.secretText
        for (content, secret) in [
            (text, text), (text + "\n", text), (text + "\n\n", text + "\n"), (text + "\r\n", text + "\r"),
            (" " + text + " ", " " + text + " "),
        ] {
            #expect(try KeyFile.secret(at: folder.file("secret", content)) == Array(secret.utf8))
        }
    }

    @Test("what head and base64 make is a secret")
    func takesTheAdvice() throws {
        let made = Data((0..<32).map { UInt8($0 * 7) }).base64EncodedString() + "\n"
        #expect(try KeyFile.secret(at: folder.file("secret", made)).count == 44)
    }

    @Test("31 bytes are refused, 32 are not; the sentence says how to make a secret")
    func refusesShortSecrets() throws {
        let path = try folder.file("short", String(Forge.secretText.dropLast()) + "\n")
        let error = #expect(throws: TokenSetupError.self) { try KeyFile.secret(at: path) }
        let says = try #require(error?.description)
        #expect(
            says.contains(path) && says.contains("31 bytes")
                && says.contains("head -c 32 /dev/urandom | base64"))
        #expect(!says.contains("0123456789"))
        #expect(throws: TokenSetupError.self) { try KeyFile.secret(at: folder.file("empty", "")) }
    }

    @Test("a public key in PEM form is no secret: whoever knows it could sign with it")
    func refusesPEM() throws {
        let path = try folder.file("key.pem", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\n")
        let error = #expect(throws: TokenSetupError.self) { try KeyFile.secret(at: path) }
        #expect(error?.description.contains("jwks") == true)
    }

    @Test("no file, a folder, an endless file and one that is too long are refused")
    func refusesFiles() throws {
        let long = try folder.file("long", String(repeating: "x", count: KeyFile.secretLimit + 1))
        for path in [folder.path("missing"), folder.path(""), "/dev/zero"] {
            let error = #expect(throws: TokenSetupError.self) { try KeyFile.secret(at: path) }
            #expect(error?.isSecretUnreadable == true && error?.description.contains(path) == false)
            let other = #expect(throws: TokenSetupError.self) { try KeyFile.set(at: path) }
            #expect(other?.isSecretUnreadable == false && other?.description.contains(path) == true)
        }
        let error = #expect(throws: TokenSetupError.self) { try KeyFile.secret(at: long) }
        #expect(error?.description.contains(long) == true)
    }

    @Test("a pipe is refused at once, and a link to a file is the file, as Kubernetes mounts secrets")
    func refusesPipes() throws {
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: TokenSetupError.self) { try KeyFile.secret(at: pipe) }
        #expect(throws: TokenSetupError.self) { try KeyFile.set(at: pipe) }
        let link = folder.path("link")
        #expect(symlink(try folder.file("secret", Forge.secretText), link) == 0)
        #expect(try KeyFile.secret(at: link) == Array(Forge.secretText.utf8))
    }
}
