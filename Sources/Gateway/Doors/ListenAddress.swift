package import Networking

/// An address to listen at, and what is spoken there.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// Where.
    package var address: SocketAddress
    /// Whether what comes in there is TLS.
    package var isSecure: Bool

    /// An address and whether TLS is spoken at it.
    package init(_ address: SocketAddress, isSecure: Bool = false) {
        self.address = address
        self.isSecure = isSecure
    }

    /// `http://127.0.0.1:8080`, as an operator would type it into a browser.
    package var description: String { (isSecure ? "https://" : "http://") + address.description }
}
