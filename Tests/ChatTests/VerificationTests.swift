import ChatProtocol
import Testing

@testable import Chat

@Suite("What waits behind a connect whose token is checked is bounded")
struct VerificationTests {
    private let limits: Limits = {
        var limits = Limits()
        limits.waitingCommands = 3
        limits.announced.messageBytes = 300
        return limits
    }()
    private let verification = Verification(.connect(Connect(), .request(1)))

    private func hold(_ command: Command) -> Bool {
        verification.hold(Envelope(id: 1, command: command), limits: limits)
    }

    @Test("in number")
    func number() {
        #expect(hold(.ping) && hold(.ping) && hold(.ping) && !hold(.ping))
        #expect(verification.waiting.count == 3)
    }

    @Test("in bytes: whatever a client chooses the length of counts")
    func bytes() {
        let long = RoomName(stringLiteral: String(repeating: "r", count: 200))
        let half = [UInt8](repeating: 49, count: 200)
        let commands: [Command] = [
            .publish(Publish(room: "a", clientID: nil, body: half)),
            .refresh(token: String(repeating: "t", count: 200)),
            .connect(Connect(token: String(repeating: "t", count: 200))),
            .connect(Connect(rooms: [Join(room: long)])),
            .join(Join(room: long)), .leave(long), .presence(long), .history(HistoryRequest(room: long)),
            .typing(Typing(room: long)),
        ]
        for command in commands {
            let verification = Verification(.connect(Connect(), .request(1)))
            #expect(verification.hold(Envelope(id: 1, command: command), limits: limits))
            #expect(!verification.hold(Envelope(id: 1, command: command), limits: limits), "\(command)")
        }
    }

    @Test("behind a refresh nothing waits")
    func refresh() {
        #expect(verification.blocks && !Verification(.refresh(.request(1))).blocks)
    }
}
