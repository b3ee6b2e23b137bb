package import HTTP1

/// One member of `Sec-WebSocket-Extensions` (RFC 6455 §9.1): an extension's name and parameters, in a
/// client's offer or a server's answer.
package struct ExtensionOffer: Sendable, Hashable {
    /// One parameter.
    package struct Parameter: Sendable, Hashable {
        /// A token.
        package let name: String
        /// A token, without the quotes it may have had; nil where none was given.
        package let value: String?
    }

    /// The extension's name: a token.
    package let name: String
    /// In the order they were sent; a name may stand there twice.
    package let parameters: [Parameter]

    /// The members over all field lines, in the order of preference; nil if one of them is malformed.
    package static func list(in fields: HTTPFields) -> [ExtensionOffer]? {
        var members: [ExtensionOffer] = []
        for line in fields.values(of: "Sec-WebSocket-Extensions") {
            var scan = Scan(rest: line.utf8[...])
            guard scan.readMembers(into: &members) else { return nil }
        }
        return members
    }

    private init(name: String, parameters: [Parameter]) {
        self.name = name
        self.parameters = parameters
    }

    /// Reads one field line from its front.
    private struct Scan {
        var rest: Substring.UTF8View

        /// RFC 9110 §5.6.1.2: empty members between commas are passed over.
        mutating func readMembers(into members: inout [ExtensionOffer]) -> Bool {
            while true {
                skipBlanks()
                if rest.isEmpty { return true }
                if skip(UInt8(ascii: ",")) { continue }
                guard let member = readMember() else { return false }
                members.append(member)
                skipBlanks()
                guard rest.isEmpty || skip(UInt8(ascii: ",")) else { return false }
            }
        }

        private mutating func readMember() -> ExtensionOffer? {
            guard let name = readToken() else { return nil }
            var parameters: [Parameter] = []
            while true {
                skipBlanks()
                guard skip(UInt8(ascii: ";")) else {
                    return ExtensionOffer(name: name, parameters: parameters)
                }
                skipBlanks()
                guard let parameter = readParameter() else { return nil }
                parameters.append(parameter)
            }
        }

        private mutating func readParameter() -> Parameter? {
            guard let name = readToken() else { return nil }
            skipBlanks()
            guard skip(UInt8(ascii: "=")) else { return Parameter(name: name, value: nil) }
            skipBlanks()
            guard let value = rest.first == UInt8(ascii: "\"") ? readQuoted() : readToken() else {
                return nil
            }
            return Parameter(name: name, value: value)
        }

        private mutating func readToken() -> String? {
            let end = rest.firstIndex { Self.tokenEnds.contains($0) } ?? rest.endIndex
            let token = String(Substring(rest[..<end]))
            rest = rest[end...]
            return token.isToken ? token : nil
        }

        /// RFC 6455 §9.1: a quoted value must be a token once it is unquoted.
        private mutating func readQuoted() -> String? {
            rest.removeFirst()
            var value: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""):
                    let text = String(decoding: value, as: UTF8.self)
                    return text.isToken ? text : nil
                case UInt8(ascii: "\\"):
                    guard let escaped = rest.popFirst() else { return nil }
                    value.append(escaped)
                default: value.append(byte)
                }
            }
            return nil
        }

        private static let tokenEnds: Set<UInt8> = Set(" \t,;=\"".utf8)

        private mutating func skip(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func skipBlanks() {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }
    }
}
