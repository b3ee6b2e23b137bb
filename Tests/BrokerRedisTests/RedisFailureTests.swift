import Testing

@testable import BrokerRedis

@Suite("what Redis answers is passed on without what it quotes")
struct RedisFailureTests {
    @Test("a password that Redis repeats is shown to nobody")
    func hidesPasswords() throws {
        let place = try RedisTarget("redis://:secret@db").places[0]
        let answer = "ERR unknown command 'AUTH', with args beginning with: 'secret' "
        let sentence = RedisFailure.refused(place, answer).description
        #expect(sentence.contains("unknown command") && !sentence.contains("secret"))
    }
}
