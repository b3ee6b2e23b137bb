import Testing

@testable import BrokerRedis

@Suite("Sealed payloads")
struct PayloadSealTests {
    private let channel = Array("parley:1:{a:b}".utf8)
    private let ours = PayloadSeal(instance: 1, key: [1, 2, 3])
    private let theirs = PayloadSeal(instance: 2, key: [1, 2, 3])

    private func payload(_ seal: PayloadSeal, _ content: [UInt8] = [7, 8]) -> [UInt8] {
        seal.seal(for: channel) { $0.append(contentsOf: content) }
    }

    private func verdict(_ payload: [UInt8], _ channel: [UInt8]? = nil) -> PayloadSeal.Verdict {
        ours.verdict(on: payload.span, from: channel ?? self.channel)
    }

    private func isGenuine(_ payload: [UInt8]) -> Bool { ours.isGenuine(payload.span, from: channel) }

    @Test("what another instance sealed is genuine, with its content behind the head")
    func genuine() {
        let payload = payload(theirs)
        #expect(verdict(payload) == .genuine)
        #expect(Array(payload[PayloadSeal.headBytes...]) == [7, 8])
        #expect(verdict(self.payload(theirs, [])) == .genuine)
    }

    @Test("our own instance's is an echo")
    func echo() {
        #expect(verdict(payload(ours)) == .echo)
        #expect(isGenuine(payload(ours)))
    }

    @Test("any flipped bit makes it forged, another version's, or an echo, and never genuine")
    func flipped() {
        let payload = payload(theirs)
        for index in payload.indices {
            for bit in 0..<8 {
                var other = payload
                other[index] ^= 1 << bit
                #expect(verdict(other) != .genuine)
                #expect(!isGenuine(other))
            }
        }
    }

    @Test("what was sealed for one room is forged in another")
    func otherChannel() {
        #expect(verdict(payload(theirs), Array("parley:1:{a:c}".utf8)) == .forged)
    }

    @Test("bytes cannot move between the channel's name and the content")
    func boundary() {
        let sealed = theirs.seal(for: channel + [theirsFormat]) { $0.append(1) }
        #expect(verdict(sealed) == .forged)
    }

    private var theirsFormat: UInt8 { PayloadSeal.format }

    @Test("another key's is forged")
    func otherKey() {
        #expect(verdict(payload(PayloadSeal(instance: 2, key: [1, 2, 4]))) == .forged)
    }

    @Test("what is too short is forged, what has another format is another version's")
    func short() {
        let payload = payload(theirs, [])
        #expect(verdict([]) == .unknownFormat)
        #expect(verdict([2] + payload.dropFirst()) == .unknownFormat)
        for length in 1..<payload.count { #expect(verdict(Array(payload.prefix(length))) == .forged) }
    }
}
