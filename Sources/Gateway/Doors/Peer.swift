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
}
