/// What a proxy says of a connection before the connection's own bytes: HAProxy's PROXY protocol, version 1
/// or 2 (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt).
package struct ProxyHeader: Hashable, Sendable {
    /// Whose connection it is; nil where the proxy speaks for itself (LOCAL: a health check) or does not
    /// know.
    package var source: NodeAddress?
    /// Where the client connected to.
    package var destination: NodeAddress?
    /// Whether the client came to the proxy by TLS; nil where the proxy does not say (version 2, field SSL).
    package var isSecure: Bool?

    /// Nothing is known: the connection's own ends stand.
    package static let local = ProxyHeader()
}

// Version 1, §2.1: one line of text.
extension ProxyHeader {
    /// The line without its CR LF.
    init(line: ArraySlice<UInt8>) throws(ProxyHeaderError) {
        let space = UInt8(ascii: " ")
        // A single space each: an empty part makes the count wrong.
        let parts = line.split(separator: space, omittingEmptySubsequences: false)
        guard parts.count >= 2 else { throw .unknownProtocol }
        let isIPv6: Bool
        switch String(decoding: parts[1], as: UTF8.self) {
        case "TCP4": isIPv6 = false
        case "TCP6": isIPv6 = true
        case "UNKNOWN":
            // "the receiver must ignore anything presented before the CRLF is found".
            self = .local
            return
        default: throw .unknownProtocol
        }
        guard parts.count == 6, let from = NodeAddress.port(parts[4]), let to = NodeAddress.port(parts[5])
        else { throw .badAddress }
        guard let source = Self.host(parts[2], isIPv6), let destination = Self.host(parts[3], isIPv6) else {
            throw .badAddress
        }
        self.init(source: source.with(port: from), destination: destination.with(port: to))
    }

    private static func host(_ text: ArraySlice<UInt8>, _ isIPv6: Bool) -> NodeAddress? {
        isIPv6
            ? NodeAddress.ipv6(text).map { NodeAddress(high: $0.high, low: $0.low) }
            : NodeAddress.ipv4(text).map { NodeAddress(ipv4: $0) }
    }
}

// Version 2, §2.2: 16 bytes, then a block of addresses and fields.
extension ProxyHeader {
    /// The whole header, of which `command` and `family` are bytes 13 and 14.
    init(binary bytes: ArraySlice<UInt8>) throws(ProxyHeaderError) {
        let start = bytes.startIndex
        let (command, family) = (bytes[start + 12] & 0xF, bytes[start + 13])
        guard command <= 1 else { throw .unknownCommand }
        guard family >> 4 <= 3, family & 0xF <= 2 else { throw .unknownFamily }
        self.init()
        // LOCAL: "must discard the protocol block including the family which is ignored".
        guard command == 1 else { return }
        let block = bytes[(start + 16)...]
        // Datagrams and UNIX sockets name no address that a connection of ours could have.
        let isStream = family & 0xF == 1
        let size: Int
        switch family >> 4 {
        case 1:
            size = 12
            guard block.count >= size else { throw .tooShort }
            if isStream { readIPv4(block) }
        case 2:
            size = 36
            guard block.count >= size else { throw .tooShort }
            if isStream { readIPv6(block) }
        case 3:
            size = 216
            guard block.count >= size else { throw .tooShort }
        default: size = 0
        }
        try readFields(block.dropFirst(size), of: bytes)
    }

    private mutating func readIPv4(_ block: ArraySlice<UInt8>) {
        let ports = (UInt16(block.number(at: 8, 2)), UInt16(block.number(at: 10, 2)))
        source = NodeAddress(ipv4: UInt32(block.number(at: 0, 4)), port: ports.0)
        destination = NodeAddress(ipv4: UInt32(block.number(at: 4, 4)), port: ports.1)
    }

    private mutating func readIPv6(_ block: ArraySlice<UInt8>) {
        let ports = (UInt16(block.number(at: 32, 2)), UInt16(block.number(at: 34, 2)))
        source = NodeAddress(high: block.number(at: 0, 8), low: block.number(at: 8, 8), port: ports.0)
        destination = NodeAddress(high: block.number(at: 16, 8), low: block.number(at: 24, 8), port: ports.1)
    }

    /// Fields: a byte of type, two of length, the value. All but the checksum and TLS are passed over.
    private mutating func readFields(
        _ fields: ArraySlice<UInt8>, of header: ArraySlice<UInt8>
    ) throws(ProxyHeaderError) {
        var rest = fields
        while !rest.isEmpty {
            guard rest.count >= 3 else { throw .badField }
            let (type, length) = (rest[rest.startIndex], Int(rest.number(at: 1, 2)))
            let value = rest.dropFirst(3).prefix(length)
            guard value.count == length else { throw .badField }
            switch type {
            case 0x03:
                guard length == 4 else { throw .badField }
                let gap = value.startIndex..<value.endIndex
                guard CRC32C.checksum(of: header, zeroing: gap) == value.number(at: 0, 4) else {
                    throw .badChecksum
                }
            case 0x20:
                // A byte of bits and four of the certificate's verdict. Bit 0: by TLS.
                guard length >= 5 else { throw .badField }
                isSecure = value[value.startIndex] & 1 == 1
            default: break
            }
            rest = rest.dropFirst(3 + length)
        }
    }
}

extension ArraySlice<UInt8> {
    /// The number in network order of `count` bytes, `offset` bytes from the start.
    fileprivate func number(at offset: Int, _ count: Int) -> UInt64 {
        self[(startIndex + offset)..<(startIndex + offset + count)].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
