import TestKit
import Testing

@testable import Gateway

@Suite("EffectRunner: what a turn collected leaves as one batch")
struct EffectRunnerTests {
    @Test("one turn's drafts are one group commit")
    func countsBatches() throws {
        let gateway = try TestGateway(workers: 1)
        let client = try gateway.client("ada")
        let lines = (1...50).map {
            #"{"id":\#(100 + $0),"publish":{"room":"hall","clientId":"\#($0)","body":1}}"#
        }
        try client.send(lines.joined(separator: "\n"))
        for number in 1...50 {
            #expect(try client.reply(to: Int64(100 + number))["offset"] == .number(Int64(number)))
        }
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        #expect(text.contains("parley_archive_batch_drafts_count 1\n"))
        #expect(text.contains("parley_archive_batch_drafts_sum 50\n"))
    }
}
