/// A numeric address as proxies write it, with the port if they told one. A value; names are never resolved.
package struct NodeAddress: Hashable, Sendable {
    /// The first eight bytes of an IPv6 address in network order; 0 for IPv4.
    package let high: UInt64
    /// Its last eight bytes, or the four of an IPv4 address in the low half.
    package let low: UInt64
    /// Whether it is an IPv6 address.
    package let isIPv6: Bool
    /// The port; nil where none was told.
    package let port: UInt16?

    /// An IPv4 address, its first byte the highest.
    package init(ipv4: UInt32, port: UInt16? = nil) {
        (high, low, isIPv6, self.port) = (0, UInt64(ipv4), false, port)
    }

    /// An IPv6 address as two halves.
    package init(high: UInt64, low: UInt64, port: UInt16? = nil) {
        (self.high, self.low, isIPv6, self.port) = (high, low, true, port)
    }

    /// The same host with this port.
    package func with(port: UInt16?) -> NodeAddress {
        isIPv6
            ? NodeAddress(high: high, low: low, port: port)
            : NodeAddress(ipv4: UInt32(truncatingIfNeeded: low), port: port)
    }

    /// Reads `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`; nil for all
    /// else, a zone among it: it means nothing on another machine.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(Self.longestText + 1))
        guard bytes.count <= Self.longestText else { return nil }
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            guard let (high, low) = Self.ipv6(bytes[1..<end]) else { return nil }
            let rest = bytes[(end + 1)...]
            if rest.isEmpty {
                self.init(high: high, low: low)
            } else {
                guard rest.first == UInt8(ascii: ":"), let port = Self.port(rest.dropFirst()) else {
                    return nil
                }
                self.init(high: high, low: low, port: port)
            }
        } else if let (high, low) = Self.ipv6(bytes[...]) {
            self.init(high: high, low: low)
        } else {
            let host = bytes.prefix { $0 != UInt8(ascii: ":") }
            guard let address = Self.ipv4(host) else { return nil }
            let rest = bytes[host.endIndex...]
            if rest.isEmpty {
                self.init(ipv4: address)
            } else {
                guard let port = Self.port(rest.dropFirst()) else { return nil }
                self.init(ipv4: address, port: port)
            }
        }
    }

    /// The longest of all: an IPv6 address that ends as IPv4, brackets, a colon, a port.
    private static let longestText = 45 + 2 + 6
}

// Digits. Leading zeros are refused: some read them as octal.
extension NodeAddress {
    /// 1 to 5 digits up to 65535.
    static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        number(digits, upTo: 65_535).map(UInt16.init)
    }

    private static func number(_ digits: ArraySlice<UInt8>, upTo limit: Int) -> Int? {
        guard let first = digits.first, digits.count <= 5 else { return nil }
        if first == UInt8(ascii: "0"), digits.count > 1 { return nil }
        var value = 0
        for digit in digits {
            guard digit &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value <= limit ? value : nil
    }

    /// Four decimal numbers from 0 to 255 with dots between them.
    static func ipv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let byte = number(part, upTo: 255) else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    /// RFC 4291 §2.2: eight groups, one run of zeros as `::`, the last two as IPv4 if one likes.
    static func ipv6(_ text: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        let colon = UInt8(ascii: ":")
        var groups: [UInt16] = []
        var gap: Int?
        var rest = text
        if rest.starts(with: [colon, colon]) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            guard groups.count < 8 else { return nil }
            let part = rest.prefix { $0 != colon }
            if part.endIndex == rest.endIndex, part.contains(UInt8(ascii: ".")) {
                guard groups.count <= 6, let tail = ipv4(part) else { return nil }
                groups += [UInt16(tail >> 16), UInt16(truncatingIfNeeded: tail)]
                break
            }
            guard let group = hexadecimal(part) else { return nil }
            groups.append(group)
            rest = rest[part.endIndex...]
            guard !rest.isEmpty else { break }
            rest = rest.dropFirst()
            if rest.first == colon {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        let halves = (groups[..<4], groups[4...])
        return (
            halves.0.reduce(0) { $0 << 16 | UInt64($1) }, halves.1.reduce(0) { $0 << 16 | UInt64($1) }
        )
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            let nibble: UInt8
            switch digit {
            case 0x30...0x39: nibble = digit - 0x30
            case 0x41...0x46, 0x61...0x66: nibble = (digit | 0x20) - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}
