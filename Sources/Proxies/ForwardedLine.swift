import HTTP1

/// One line of the field `Forwarded`: elements with commas between them, each of `name=value` pairs with
/// semicolons between them (RFC 7239 §4).
struct ForwardedLine {
    private let bytes: [UInt8]
    private var index = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The elements in the order they stand; nil where the line does not follow the grammar. Where a quote is
    /// wrong nobody knows what is inside it and what outside.
    static func elements(of text: String) -> [ForwardedHops.Hop]? {
        var line = ForwardedLine(text)
        var hops: [ForwardedHops.Hop] = []
        while true {
            line.skipBlanks()
            // RFC 9110 §5.6.1: empty members of a list are overlooked.
            if line.take(",") { continue }
            if line.isAtEnd { return hops }
            guard let hop = line.element() else { return nil }
            hops.append(hop)
            line.skipBlanks()
            guard line.isAtEnd || line.take(",") else { return nil }
        }
    }

    private mutating func element() -> ForwardedHops.Hop? {
        var pairs: [String: String] = [:]
        while true {
            skipBlanks()
            if let (name, value) = pair() {
                // RFC 7239 §4: "Each parameter MUST NOT occur more than once per field-value."
                guard pairs.updateValue(value, forKey: name) == nil else { return nil }
            } else if !isAtEnd, bytes[index] != UInt8(ascii: ";"), bytes[index] != UInt8(ascii: ",") {
                return nil
            }
            skipBlanks()
            if !take(";") { break }
        }
        let node = pairs["for"].map(Self.node) ?? .hidden
        let isSecure = pairs["proto"].map { $0.equalsIgnoringCase("https") }
        return ForwardedHops.Hop(node: node, isSecure: isSecure)
    }

    /// `name=value`, the name in lower case; nil, and nothing taken, where none stands here.
    private mutating func pair() -> (name: String, value: String)? {
        let start = index
        let name = token()
        if !name.isEmpty, take("="), let value = take("\"") ? quoted() : unquoted() {
            return (name.lowercased(), value)
        }
        index = start
        return nil
    }

    private mutating func token() -> String {
        let start = index
        while !isAtEnd, String(decoding: [bytes[index]], as: UTF8.self).isToken { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func unquoted() -> String? {
        let value = token()
        return value.isEmpty ? nil : value
    }

    /// RFC 9110 §5.6.4, behind the opening quote.
    private mutating func quoted() -> String? {
        var value: [UInt8] = []
        while !isAtEnd {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                guard !isAtEnd else { return nil }
                value.append(bytes[index])
                index += 1
            } else {
                value.append(byte)
            }
        }
        return nil
    }

    private var isAtEnd: Bool { index == bytes.count }

    private mutating func skipBlanks() {
        while !isAtEnd, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard !isAtEnd, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }
}

// RFC 7239 §6: `for=192.0.2.43`, `for="[2001:db8:cafe::17]:4711"`, `for=unknown`, `for=_SEVKISEK`.
extension ForwardedLine {
    private static func node(_ text: String) -> ForwardedHops.Node {
        let bytes = Array(text.utf8)
        let host: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return .malformed }
            host = bytes[...end]
        } else {
            host = bytes.prefix { $0 != UInt8(ascii: ":") }
        }
        let rest = bytes[host.endIndex...]
        var port: UInt16?
        if !rest.isEmpty {
            guard rest.first == UInt8(ascii: ":") else { return .malformed }
            // A port may be made up as well.
            if !isObfuscated(rest.dropFirst()) {
                port = NodeAddress.port(rest.dropFirst())
                if port == nil { return .malformed }
            }
        }
        let name = String(decoding: host, as: UTF8.self)
        if name.equalsIgnoringCase("unknown") || isObfuscated(host) { return .hidden }
        guard let address = NodeAddress(name) else { return .malformed }
        return .address(address.with(port: port))
    }

    /// §6.3: an underscore, and letters, digits, dots, underscores and hyphens behind it.
    private static func isObfuscated(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count > 1, text.first == UInt8(ascii: "_") else { return false }
        return text.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }
}
