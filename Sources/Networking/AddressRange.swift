/// A network as operators write it: `10.0.0.0/8`, `fd00::/8`, or one address.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let first: SocketAddress
    /// How many bits all its addresses share.
    private let bits: Int

    /// Reads an address, or one with `/` and the number of bits behind it; those behind them must be zero, so
    /// that nobody trusts more than he sees.
    package init(_ text: String) throws(AddressRangeError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let host = parts[0].contains(":") ? "[\(parts[0])]:0" : "\(parts[0]):0"
        guard !parts[0].hasPrefix("["), let address = try? SocketAddress(host) else {
            throw AddressRangeError(text, .badAddress)
        }
        let width = address.isIPv6 ? 128 : 32
        var bits = width
        if parts.count == 2 {
            let digits = parts[1]
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(digits), number <= width
            else { throw AddressRangeError(text, .badBits(width)) }
            bits = number
        }
        first = address.masked(to: bits)
        self.bits = bits
        guard first == address else { throw AddressRangeError(text, .strayBits(description)) }
    }

    /// Whether the address is one of it, whatever its port. IPv4 inside IPv6 (`::ffff:10.0.0.1`) is IPv4.
    package func contains(_ address: SocketAddress) -> Bool {
        let address = address.unmapped.with(port: 0)
        return address.isIPv6 == first.isIPv6 && address.masked(to: bits) == first
    }

    /// As an operator writes it.
    package var description: String { "\(first.host)/\(bits)" }
}

/// A text is no range of addresses; the description says what to write instead.
package struct AddressRangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package enum Fault: Hashable, Sendable { case badAddress, badBits(Int), strayBits(String) }

    /// The text as it was given.
    package let text: String
    /// What is wrong with it.
    package let fault: Fault

    init(_ text: String, _ fault: Fault) {
        self.text = text
        self.fault = fault
    }

    /// One sentence for whoever wrote the text.
    package var description: String {
        switch fault {
        case .badAddress:
            "\"\(text)\" is no address or range of addresses: write 192.0.2.1, 10.0.0.0/8 or fd00::/8."
        case .badBits(let width):
            "\"\(text)\" has no number from 0 to \(width) behind its slash: write how many bits are shared."
        case .strayBits(let range):
            "\"\(text)\" has bits behind those that are shared: write \(range) if you mean all of them."
        }
    }
}

/// Who shares a limit: one IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets.
package struct AddressGroup: Hashable, Sendable {
    /// The address, or the network's half of it.
    private let prefix: UInt64
    private let isIPv6: Bool

    /// The group of an address, whatever its port.
    package init(_ address: SocketAddress) {
        let address = address.unmapped
        isIPv6 = address.isIPv6
        prefix = isIPv6 ? address.high : address.low
    }
}

extension SocketAddress {
    /// An address inside IPv6 (RFC 4291 §2.5.5.2) as the IPv4 address it is; all others as they are.
    package var unmapped: SocketAddress {
        guard isIPv6, high == 0, low >> 32 == 0xFFFF else { return self }
        return SocketAddress(high: 0, low: low & 0xFFFF_FFFF, isIPv6: false, port: port)
    }

    /// The address with all but its first `bits` bits zero, and port 0.
    fileprivate func masked(to bits: Int) -> SocketAddress {
        guard isIPv6 else {
            let mask = bits == 0 ? 0 : UInt64(UInt32.max << UInt32(32 - bits))
            return SocketAddress(high: 0, low: low & mask, isIPv6: false, port: 0)
        }
        let masks = (Self.mask(min(bits, 64)), Self.mask(max(bits - 64, 0)))
        return SocketAddress(high: high & masks.0, low: low & masks.1, isIPv6: true, port: 0)
    }

    private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : UInt64.max << UInt64(64 - bits) }
}
