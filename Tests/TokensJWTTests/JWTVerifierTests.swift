import Chat
import ChatProtocol
import Networking
import Testing
import Time

@testable import TokensJWT

@Suite("JWTVerifier: completions on the loop, never inside the call, and not without bound")
struct JWTVerifierTests {
    private let loop: EventLoop
    private let folder: KeyFolder
    private let verifier: JWTVerifier

    init() throws {
        loop = try EventLoop()
        folder = try KeyFolder()
        let file = try folder.file("secret", Forge.secretText)
        verifier = JWTVerifier(try TokenAuthority(secretFile: file, jwksFile: nil, claims: [:]), on: loop)
    }

    private func token(_ user: Int) throws -> String {
        let seconds = loop.moment.wall.milliseconds / 1_000 + 60
        return try Forge.secret().token(#"{"sub":"u\#(user)","exp":\#(seconds)}"#)
    }

    @Test("answers come in order in the loop's next turn, good and bad, with the loop's time")
    func answers() throws {
        var answers: [String] = []
        for user in 0..<4 {
            verifier.verify(user == 2 ? "a.b.c" : try token(user)) { result in
                switch result {
                case .success(let caller): answers.append(caller.user.description)
                case .failure: answers.append("refused")
                }
            }
        }
        #expect(answers.isEmpty)
        try loop.turn(sleepingAtMost: .seconds(5))
        #expect(answers == ["u0", "u1", "refused", "u3"])
        #expect(verifier.statistics.accepted == 3 && verifier.statistics.refused == 1)
        loop.dismantle()
    }

    @Test("what a completion asks is answered later, not at once")
    func asksAgain() throws {
        var answers = 0
        let again = try token(1)
        verifier.verify(again) { [verifier] _ in
            answers += 1
            verifier.verify(again) { _ in answers += 1 }
            #expect(answers == 1)
        }
        try loop.turn(sleepingAtMost: .seconds(5))
        #expect(answers == 1)
        try loop.turn(sleepingAtMost: .seconds(5))
        #expect(answers == 2)
        loop.dismantle()
    }

    @Test("beyond 256 that wait the answer is that it cannot be checked now; afterwards it can")
    func isBounded() throws {
        var accepted = 0
        var unavailable = 0
        func count(_ result: Result<Caller, TokenRefusal>) {
            switch result {
            case .success: accepted += 1
            case .failure(.unavailable): unavailable += 1
            case .failure(.refused): Issue.record("the token is good")
            }
        }
        let token = try token(1)
        for _ in 0..<300 { verifier.verify(token) { count($0) } }
        #expect(accepted == 0 && unavailable == 0)
        try loop.turn(sleepingAtMost: .seconds(5))
        #expect(accepted == 256 && unavailable == 44 && verifier.statistics.unavailable == 44)
        verifier.verify(token) { count($0) }
        try loop.turn(sleepingAtMost: .seconds(5))
        #expect(accepted == 257)
        loop.dismantle()
    }
}
