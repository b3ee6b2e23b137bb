internal import CLinux
import Glibc

/// A numeric IPv4 or IPv6 address with a port. Names are never resolved here.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in network order, IPv4 in the last four bytes of `low`.
    let high: UInt64
    /// The second half of it.
    let low: UInt64
    /// Whether it is an IPv6 address.
    package let isIPv6: Bool
    /// The port; 0 asks the kernel for a free one.
    package let port: UInt16

    /// Reads `127.0.0.1:8080` or `[::1]:8080`. The host must be there: an address that listens to the world
    /// is spelled out (`0.0.0.0:8080`), never the result of leaving something away.
    package init(_ text: String) throws(SocketAddressError) {
        guard let colon = text.lastIndex(of: ":") else { throw SocketAddressError(text, .noPort) }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits)
        else { throw SocketAddressError(text, .badPort) }
        var host = text[..<colon]
        guard !host.isEmpty else { throw SocketAddressError(text, .noHost) }
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host), &address) == 1 else {
                throw SocketAddressError(text, .badHost)
            }
            self.init(address, port: port)
        } else {
            var address = in_addr()
            guard inet_pton(AF_INET, String(host), &address) == 1 else {
                throw SocketAddressError(text, .badHost)
            }
            self.init(address, port: port)
        }
    }

    private init(_ address: in_addr, port: UInt16) {
        (high, low) = (0, UInt64(UInt32(bigEndian: address.s_addr)))
        (isIPv6, self.port) = (false, port)
    }

    private init(_ address: in6_addr, port: UInt16) {
        let halves = unsafeBitCast(address, to: (UInt64, UInt64).self)
        (high, low) = (UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1))
        (isIPv6, self.port) = (true, port)
    }

    /// An address from its bytes in network order: the halves of an IPv6 address, or an IPv4 address in the
    /// last four bytes of `low`.
    package init(high: UInt64, low: UInt64, isIPv6: Bool, port: UInt16) {
        self.high = high
        self.low = low
        self.isIPv6 = isIPv6
        self.port = port
    }

    /// The same host with another port.
    package func with(port: UInt16) -> SocketAddress {
        SocketAddress(high: high, low: low, isIPv6: isIPv6, port: port)
    }

    /// Whether only this machine can reach it: 127.0.0.0/8, ::1, and the former mapped into IPv6.
    package var isLoopback: Bool {
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        if isIPv6 && !isMapped { return high == 0 && low == 1 }
        return UInt32(truncatingIfNeeded: low) >> 24 == 127
    }

    /// The address without its port and brackets.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv6 {
            var address = unsafeBitCast((high.bigEndian, low.bigEndian), to: in6_addr.self)
            inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        } else {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        }
        return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    /// `127.0.0.1:8080` or `[::1]:8080`: what `init` reads.
    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

// The kernel's spelling.
extension SocketAddress {
    /// AF_INET or AF_INET6.
    var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

    /// What the kernel wrote into `storage`; nil for another family.
    init?(_ storage: sockaddr_storage) {
        var storage = storage
        let family = Int32(storage.ss_family)
        guard family == AF_INET || family == AF_INET6 else { return nil }
        self = withUnsafeBytes(of: &storage) { bytes in
            if family == AF_INET {
                let address = bytes.load(as: sockaddr_in.self)
                return SocketAddress(address.sin_addr, port: UInt16(bigEndian: address.sin_port))
            }
            let address = bytes.load(as: sockaddr_in6.self)
            return SocketAddress(address.sin6_addr, port: UInt16(bigEndian: address.sin6_port))
        }
    }

    /// Calls `body` with the address as bind(2) and connect(2) take it.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = withUnsafeMutableBytes(of: &storage) { bytes in
            if isIPv6 {
                var address = sockaddr_in6()
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_port = port.bigEndian
                address.sin6_addr = unsafeBitCast((high.bigEndian, low.bigEndian), to: in6_addr.self)
                bytes.storeBytes(of: address, as: sockaddr_in6.self)
                return MemoryLayout<sockaddr_in6>.size
            }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            bytes.storeBytes(of: address, as: sockaddr_in.self)
            return MemoryLayout<sockaddr_in>.size
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }

    /// The address a descriptor is bound to.
    init(localOf descriptor: Int32) throws(SystemError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        try checkedCall("getsockname") {
            withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(descriptor, $0, &length)
                }
            }
        }
        guard let address = SocketAddress(storage) else { throw SystemError("getsockname", EAFNOSUPPORT) }
        self = address
    }
}
