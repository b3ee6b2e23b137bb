import Foundation
import Testing

@testable import Gateway

@Suite("Keys that cannot be used end the start; SIGHUP reads them again")
struct TokenSettingsTests {
    private let desk: TokenDesk

    init() throws { desk = try TokenDesk() }

    @Test("a short secret, a missing file and an unknown claim are refused with a sentence")
    func refuses() throws {
        let short = try desk.folder.file("short", "short")
        for (settings, says) in [
            (TokenSettings(secretFile: short, jwksFile: nil, claims: [:]), "at least 32"),
            (
                TokenSettings(secretFile: nil, jwksFile: desk.folder.path("none"), claims: [:]),
                "cannot be read"
            ),
            (
                TokenSettings(secretFile: desk.secretFile, jwksFile: nil, claims: ["a": "b"]),
                "tokens.claims.a"
            ),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try settings.authority() }
            #expect(error?.description.contains(says) == true)
        }
        let outcome = try TestProgram.run(
            ["serve", "--listen", "127.0.0.1:0", "--archive", "memory:", "--secret-file", short])
        #expect(outcome.status == 1 && outcome.complaint.contains("head -c 32 /dev/urandom"))
    }

    @Test("after SIGHUP the new secret holds; a bad one changes nothing, and both are said")
    func reloads() throws {
        let program = try TestProgram([
            "--listen", "127.0.0.1:0", "--archive", "memory:", "--workers", "1", "--secret-file",
            desk.secretFile,
        ])
        let address = try program.address()
        let old = try desk.token("ada")
        func status(_ token: String) throws -> Int {
            try TestConnection(to: address).call("GET", "hall", token: token).answer.status
        }
        #expect(try status(old) == 200)
        try desk.folder.file("secret", "short")
        program.signal(SIGHUP)
        try program.waitFor("the old keys stay in force")
        #expect(try status(old) == 200)
        try desk.folder.file("secret", "a new secret of at least thirty-two bytes\n")
        program.signal(SIGHUP)
        try program.waitFor("the keys were read again")
        #expect(try status(old) == 401 && status(desk.token("ada")) == 200)
        program.signal(SIGTERM)
        #expect(try program.end().status == 0)
    }
}
