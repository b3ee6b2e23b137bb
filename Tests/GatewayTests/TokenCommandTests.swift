import TestKit
import Testing

@testable import Gateway

@Suite("parley token: what it prints the server takes, and what was asked wrongly is told")
struct TokenCommandTests {
    private let desk: TokenDesk

    init() throws { desk = try TokenDesk() }

    private func run(_ arguments: String...) throws -> TestProgram.Outcome {
        try TestProgram.run(["token", "--secret-file", desk.secretFile] + arguments)
    }

    @Test("a printed token opens the door, with its tenant, user, name and rooms")
    func prints() throws {
        let outcome = try run(
            "--tenant", "acme", "--user", "ada", "--name", "Ada", "--room", "support:*=join,publish",
            "--room",
            "hall", "--expires", "15m")
        #expect(outcome.status == 0 && outcome.complaint.isEmpty)
        let token = try #require(outcome.output.split(separator: "\n").first.map(String.init))
        #expect(outcome.output == token + "\n")
        let client = try TestClient(to: desk.gateway(workers: 1))
        let reply = try client.connect(token: token)
        #expect(reply["user"] == .string("ada") && reply["name"] == .string("Ada"))
        #expect(try client.ask("join", #"{"room":"support:7"}"#)["kind"] == .string("stored"))
        #expect(try client.ask("history", #"{"room":"support:7"}"#)["error"]?["name"] == .string("forbidden"))
        #expect(try client.ask("history", #"{"room":"hall"}"#)["head"] == .number(0))
    }

    @Test(
        "what was asked wrongly exits 2 with a sentence",
        arguments: [
            (["--user", "ada", "--tenant", "Acme"], "a tenant is 1 to 63"),
            (["--user", ""], "must not be empty"),
            (["--user", "ada", "--expires", "soon"], "--expires: write a number and s, m, h or d"),
            (["--user", "ada", "--room", "hall=fly"], "there is no verb fly"),
            (["--user", "ada", "--room", "$user:ada"], "Parley's own"),
            (["--tenant", "acme"], "--user"),
            (["--user", "ada", "--name", "a\nb"], "name"),
        ])
    func refuses(_ arguments: [String], _ says: String) throws {
        let outcome = try TestProgram.run(["token", "--secret-file", desk.secretFile] + arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.complaint.contains(says), "\(outcome.complaint)")
    }

    @Test("a token that allows nothing is printed, and said to be one")
    func warns() throws {
        let outcome = try run("--user", "ada")
        #expect(outcome.status == 0 && outcome.output.split(separator: ".").count == 3)
        #expect(outcome.complaint.contains("this token allows nothing"))
    }

    @Test("without a secret it says how to make one")
    func asksForASecret() throws {
        let outcome = try TestProgram.run(["token", "--user", "ada"])
        #expect(outcome.status == 2 && outcome.complaint.contains("head -c 32 /dev/urandom | base64"))
        let missing = try TestProgram.run([
            "token", "--user", "ada", "--secret-file", desk.folder.path("none"),
        ])
        #expect(missing.status == 2 && missing.complaint.contains("cannot be read"))
    }
}
