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
        #expect(outcome.status == 2 && outcome.complaint.contains("head -c 32 /dev/urandom"))
    }

    @Test("check-config refuses what serve refuses, with the same words and status")
    func isChecked() throws {
        let claims = try desk.folder.file(
            "claims.yaml", "tokens: {claims: {user: exp}}\nsecretFile: \(desk.secretFile)\n")
        for arguments in [
            ["--secret-file", desk.folder.path("none")], ["--jwks", desk.folder.path("none")],
            ["--jwks", desk.secretFile], ["--config", claims],
        ] {
            let checked = try TestProgram.run(["check-config"] + arguments)
            let served = try TestProgram.run(["serve", "--archive", "memory:"] + arguments)
            #expect(checked.status == 2 && checked.output.isEmpty && !checked.complaint.isEmpty)
            #expect(served.status == 2 && served.complaint == checked.complaint)
        }
        let good = try TestProgram.run(["check-config", "--secret-file", desk.secretFile])
        #expect(good.status == 0 && good.output.contains(desk.secretFile))
    }

    @Test(
        "the secret itself, where its file's name belongs, is not shown; the place is",
        arguments: ["check-config", "serve", "token"])
    func hidesSecrets(_ subcommand: String) throws {
        let more = subcommand == "token" ? ["--user", "ada"] : []
        let outcome = try TestProgram.run(
            [subcommand] + more, environment: ["PARLEY_SECRET_FILE": "Sup3rS-the-secret-itself"])
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(
            outcome.complaint.contains("PARLEY_SECRET_FILE: The file that secretFile names cannot be read"))
        #expect(!outcome.complaint.contains("Sup3rS"))
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
