import Networking

/// Who is at the other end of a connection, as far as is known and believed.
struct Peer: Hashable {
    /// Whose connection it is: the client's own address where a trusted proxy told it, else the other end of
    /// the TCP connection.
    var address: SocketAddress
    /// The other end of the TCP connection itself: the proxy where there is one.
    var neighbour: SocketAddress
    /// Whether its bytes came to us, or to the proxy we believe, by TLS.
    var isSecure: Bool
    /// `address` is a proxy's that is believed: many stand behind it, and limits per address are not for it.
    var isProxy = false

    /// With whom it shares the limits per address; nil where there are none for it.
    var group: AddressGroup? { isProxy ? nil : AddressGroup(address) }
}
