package import Networking

/// Which proxies stand in front, and how they tell whose connection it is.
package struct ProxySettings: Sendable, Hashable {
    /// The field of a request in which they tell it.
    package enum Field: String, Sendable {
        case xForwardedFor = "x-forwarded-for"
        case forwarded
        case none
    }

    /// Who is believed; nobody by default.
    package var trusted: [AddressRange] = []
    /// Where they write it.
    package var field = Field.xForwardedFor
    /// Whether their connections begin with a PROXY header.
    package var hasPreface = false

    /// No proxies.
    package init() {}
}
