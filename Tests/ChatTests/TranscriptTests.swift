import TestKit
import Testing

@Suite("Transcripts: the cores say what protocol/transcripts says, in virtual time")
struct TranscriptTests {
    @Test("every step of every file", arguments: Transcript.all)
    func plays(_ transcript: Transcript) throws {
        var player = TranscriptPlayer(on: CoreStage(for: transcript))
        try player.play(transcript)
    }

    @Test("a player that hears something else says so, and one that hears more does too")
    func canFail() throws {
        for steps in [
            #"[{"send":{"id":1,"ping":{}}},{"server":{"id":2,"error":"$_"}}]"#,
            #"[{"send":{"id":1,"ping":{}}},{"server":{"id":1,"error":{"code":102,"name":"$_"}}}]"#,
            #"[{"send":{"id":1,"ping":{}}}]"#, #"[{"server":"$_"}]"#,
            #"[{"send":{"id":1,"ping":{}}},{"closed":4003}]"#,
        ] {
            let transcript = try Transcript(parsing: #"{"about":"","steps":\#(steps)}"#)
            var player = TranscriptPlayer(on: CoreStage(for: transcript))
            #expect(throws: TranscriptPlayer.Mismatch.self) { try player.play(transcript) }
        }
    }
}
