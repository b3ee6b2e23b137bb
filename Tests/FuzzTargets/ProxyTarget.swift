import Bytes
import HTTP1
import Proxies

extension FuzzTarget {
    /// What proxies say: a PROXY header read whole says the same as in pieces, the lists of clients are read
    /// without a guess, and whoever is found as the client was named.
    package static let proxy = FuzzTarget(name: "proxy") { input in
        let split = SplitInput(input)
        let whole = header([split.bytes[...]])
        precondition(header(split.pieces) == whole, "a PROXY header depends on how it is cut")
        for line in split.bytes.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            check(ForwardedHops(xForwardedFor: ["X-Forwarded-For": text, "X-Forwarded-Proto": text]))
            check(ForwardedHops(forwarded: ["Forwarded": text, "forwarded": text]))
        }
    }

    /// The header and what came behind it, the error, or nothing yet.
    private static func header(_ pieces: [ArraySlice<UInt8>]) -> Result<HeaderRead?, ProxyHeaderError> {
        var reader = ProxyHeaderReader()
        var found: ProxyHeader?
        for piece in pieces {
            reader.receive(Array(piece).span)
            guard found == nil else { continue }
            do throws(ProxyHeaderError) {
                found = try reader.next()
            } catch {
                return .failure(error)
            }
        }
        return .success(found.map { HeaderRead(header: $0, rest: reader.takeRemainder()) })
    }

    private struct HeaderRead: Equatable {
        let header: ProxyHeader
        let rest: [UInt8]
    }

    private static func check(_ hops: ForwardedHops) {
        let malformed = hops.hops.indices.filter { hops.hops[$0].node == .malformed }
        for trusts in [true, false] {
            let client = hops.client { _ in trusts }
            guard let address = client.address else { continue }
            precondition(hops.hops.contains { $0.node == .address(address) }, "nobody named the client")
            precondition(trusts || hops.hops[0].node == .address(address), "a stranger was believed")
        }
        precondition(!hops.client { _ in true }.isMalformed || !malformed.isEmpty, "nothing is malformed")
    }
}
