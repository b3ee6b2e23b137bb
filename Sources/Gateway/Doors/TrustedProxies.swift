import HTTP1
import Networking
import Proxies

/// Who is believed about whose connection it is, and what of it.
struct TrustedProxies {
    private let settings: ProxySettings

    init(_ settings: ProxySettings) { self.settings = settings }

    /// Whether what comes from there is believed.
    func trusts(_ address: SocketAddress) -> Bool { settings.trusted.contains { $0.contains(address) } }

    /// Whether a connection from there begins with a PROXY header.
    func expectsPreface(from address: SocketAddress) -> Bool { settings.hasPreface && trusts(address) }

    /// Whoever just connected from there.
    func neighbour(_ address: SocketAddress, isSecure: Bool) -> Peer {
        Peer(address: address, neighbour: address, isSecure: isSecure, isProxy: trusts(address))
    }

    /// Whose connection it is, as its PROXY header says.
    func peer(_ header: ProxyHeader, from neighbour: Peer) -> Peer {
        var peer = neighbour
        peer.isSecure = header.isSecure ?? neighbour.isSecure
        if let source = header.source {
            peer.address = SocketAddress(source)
            peer.isProxy = trusts(peer.address)
        }
        return peer
    }

    /// Whose request it is that came from `sender`, and whether the field could be read. Only a proxy is
    /// asked: what somebody else writes there is nothing.
    func peer(of request: HTTPRequest, from sender: Peer) -> (peer: Peer, isMalformed: Bool) {
        guard sender.isProxy else { return (sender, false) }
        let hops: ForwardedHops
        switch settings.field {
        case .xForwardedFor: hops = ForwardedHops(xForwardedFor: request.fields)
        case .forwarded: hops = ForwardedHops(forwarded: request.fields)
        case .none: return (sender, false)
        }
        let client = hops.client { trusts(SocketAddress($0)) }
        var peer = sender
        if let address = client.address { peer.address = SocketAddress(address) }
        peer.isSecure = client.isSecure ?? sender.isSecure
        // Whoever hides behind a proxy, or writes what cannot be read, shares its limits: else anybody could
        // escape his own.
        peer.isProxy = !client.isHidden && trusts(peer.address)
        return (peer, client.isMalformed)
    }
}

extension SocketAddress {
    /// An address that a proxy told; port 0 where it told none.
    init(_ node: NodeAddress) {
        self =
            SocketAddress(high: node.high, low: node.low, isIPv6: node.isIPv6, port: node.port ?? 0).unmapped
    }
}
