import Testing

@testable import TLS

@Suite("RFC 8446 §5.1: records")
struct RecordsTests {
    private func whole(_ bytes: ArraySlice<UInt8>) -> Int {
        let bytes = Array(bytes)
        return Records.wholeBytes(of: bytes.span)
    }

    private func admits(_ records: [UInt8], by guardian: inout GreetingGuard) -> Bool {
        guardian.admits(records.span)
    }

    @Test("only whole records count, one that is too long counts at once")
    func wholeRecords() {
        let record: [UInt8] = [22, 3, 3, 0, 2, 1, 2]
        for count in 0..<record.count { #expect(whole(record.prefix(count)) == 0) }
        #expect(whole(record[...]) == 7)
        let two = record + record
        for count in 7..<14 { #expect(whole(two.prefix(count)) == 7) }
        #expect(whole(two[...]) == 14)
        let long: [UInt8] = [23, 3, 3, 0xFF, 0xFF, 0]
        #expect(whole(long[...]) == 6)
    }

    @Test("a message that is too long is refused by its first four bytes, however they are split")
    func greeting() {
        let header: [UInt8] = [1, 0, 0x40, 1]
        for pieces in [[4], [1, 3], [1, 1, 1, 1], [3, 1]] {
            var guardian = GreetingGuard()
            var rest = header[...]
            for (place, size) in pieces.enumerated() {
                let record = [22, 3, 1, 0, UInt8(size)] + rest.prefix(size)
                rest = rest.dropFirst(size)
                let isAdmitted = admits(record, by: &guardian)
                #expect(isAdmitted == (place < pieces.count - 1))
            }
        }
    }

    @Test("messages behind each other are all looked at, what is no handshake is not")
    func messages() {
        var guardian = GreetingGuard()
        let good: [UInt8] = [22, 3, 1, 0, 6, 1, 0, 0, 2, 9, 9]
        let other: [UInt8] = [20, 3, 3, 0, 4, 1, 0xFF, 0xFF, 0xFF]
        let both = good + other + good
        let areAdmitted = admits(both, by: &guardian)
        #expect(areAdmitted)
        let bad: [UInt8] = [22, 3, 1, 0, 10, 1, 0, 0, 2, 9, 9, 1, 1, 0, 0]
        let isAdmitted = admits(bad, by: &guardian)
        #expect(!isAdmitted)
    }
}
