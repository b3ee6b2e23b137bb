import TestKit
import Testing

@testable import Gateway

@Suite("Transcripts: a live gateway says what protocol/transcripts says", .timeLimit(.minutes(3)))
struct LiveTranscriptTests {
    @Test("every file that commands no clock", arguments: Transcript.all.filter(\.isForLiveServers))
    func plays(_ transcript: Transcript) throws {
        var player = TranscriptPlayer(on: try LiveStage(for: transcript))
        try player.play(transcript)
    }
}

/// A gateway on real sockets; of one worker, for between two an acknowledgement may be faster than the news.
private final class LiveStage: TranscriptStage {
    private let gateway: TestGateway
    private var clients: [Int: TestClient] = [:]
    private var closed: Set<Int> = []

    init(for transcript: Transcript) throws {
        gateway = try TestGateway(workers: 1) { transcript.apply(to: &$0.limits) }
    }

    func send(_ text: String, by client: Int) throws {
        if closed.remove(client) != nil || clients[client] == nil {
            clients[client] = try TestClient(to: gateway)
        }
        try clients[client]?.send(text)
    }

    func next(for client: Int) throws -> TranscriptArrival? {
        switch try clients[client]?.next() {
        case .message(let message): return .message(message)
        case .closed(let code, let reason):
            closed.insert(client)
            return .closed(code: code, reason: try? JSONValue(parsing: reason))
        case .echo, .ping, .pong, .ended, nil: return nil
        }
    }

    func disconnect(_ client: Int) { clients[client] = nil }

    func setReading(_ reads: Bool, by client: Int) { preconditionFailure("not on a live stage") }

    func advance(milliseconds: Int) { preconditionFailure("not on a live stage") }

    func drain(afterMs: Int) throws {
        precondition(afterMs == 1_000, "what the server advises is a constant of it")
        try gateway.terminate()
    }

    /// What comes before the answer to one more command.
    func rest(for client: Int) throws -> [TranscriptArrival] {
        guard let connection = clients[client], !closed.contains(client) else { return [] }
        let mark: Int64 = (1 << 53) - 1
        try connection.send(#"{"id":\#(mark),"ping":{}}"#)
        var rest: [TranscriptArrival] = []
        while let arrival = try next(for: client) {
            if case .message(let message) = arrival, message["id"] == .number(mark) { return rest }
            rest.append(arrival)
        }
        return rest
    }
}
