package import HTTP1

/// What proxies wrote into a request of the way it came, the nearest first. Everybody can write it: what is
/// believed of it, `client` says.
package struct ForwardedHops: Hashable, Sendable {
    /// Who handed a request to a proxy.
    package enum Node: Hashable, Sendable {
        case address(NodeAddress)
        /// RFC 7239 §6: `unknown`, a made-up name, or nothing.
        case hidden
        /// It cannot be read, and nothing that stands before it either.
        case malformed
    }

    /// One step of the way.
    package struct Hop: Hashable, Sendable {
        /// Where the request came from.
        package var node: Node
        /// Whether it came by TLS; nil where nobody said.
        package var isSecure: Bool?
    }

    /// The steps, the nearest first. Nothing stands behind a malformed one.
    package let hops: [Hop]
    /// Whether the nearest proxy says that it was reached by TLS, and of no address.
    private let isSecure: Bool?

    /// Reads `X-Forwarded-For`, with `X-Forwarded-Proto` beside it.
    package init(xForwardedFor fields: HTTPFields) {
        let protocols = fields.list("X-Forwarded-Proto").map { $0.equalsIgnoringCase("https") }
        let members = fields.list("X-Forwarded-For")
        var hops: [Hop] = []
        for (index, member) in members.enumerated().reversed() {
            // One for each step where each proxy adds its own; else the nearest proxy's word.
            let isSecure = protocols.count == members.count ? protocols[index] : protocols.last
            if let address = NodeAddress(member) {
                hops.append(Hop(node: .address(address), isSecure: isSecure))
            } else if member.equalsIgnoringCase("unknown") {
                hops.append(Hop(node: .hidden, isSecure: isSecure))
            } else {
                hops.append(Hop(node: .malformed, isSecure: isSecure))
                break
            }
        }
        self.hops = hops
        isSecure = protocols.last
    }

    /// Reads `Forwarded` (RFC 7239). A broken line takes what stands before it along, and not what a nearer
    /// proxy wrote into a line of its own.
    package init(forwarded fields: HTTPFields) {
        var hops: [Hop] = []
        for line in fields.values(of: "Forwarded").reversed() {
            guard let elements = ForwardedLine.elements(of: line) else {
                hops.append(Hop(node: .malformed))
                break
            }
            hops += elements.reversed()
        }
        self.hops = hops
        isSecure = nil
    }
}

/// Whose request it is, as far as it is believed.
package struct ForwardedClient: Hashable, Sendable {
    /// The client's address; nil where it is the neighbour's own.
    package var address: NodeAddress?
    /// Whether it came by TLS, as the nearest proxy to it says.
    package var isSecure: Bool?
    /// The client's address was not told, or not so that it can be read: `address` is that of the last proxy
    /// whose word is believed, and others may hide behind it too.
    package var isHidden = false
    /// Something could not be read.
    package var isMalformed = false
}

extension ForwardedHops {
    /// The nearest who is not trusted: whoever is farther off was named by somebody nobody vouches for. Where
    /// all are trusted it is the farthest.
    package func client(isTrusted: (NodeAddress) -> Bool) -> ForwardedClient {
        var client = ForwardedClient(isSecure: isSecure)
        for hop in hops {
            client.isSecure = hop.isSecure ?? client.isSecure
            switch hop.node {
            case .address(let address):
                client.address = address
                if !isTrusted(address) { return client }
            case .hidden, .malformed:
                client.isHidden = true
                client.isMalformed = hop.node == .malformed
                return client
            }
        }
        return client
    }
}
