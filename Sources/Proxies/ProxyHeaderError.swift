/// What does not begin with a PROXY header, or with a broken one. The connection is closed without a word:
/// whoever sends this is no proxy, or one that must be mended.
package enum ProxyHeaderError: Error, Hashable, Sendable {
    /// The first bytes are those of neither version.
    case noHeader
    /// Version 1: the line is longer than 107 bytes, or has no CR LF at its end.
    case badLine
    /// Version 1: neither TCP4, TCP6 nor UNKNOWN.
    case unknownProtocol
    /// Version 1: an address or a port that is none, or is of another family.
    case badAddress
    /// Version 2: another version than 2 behind the signature.
    case unknownVersion
    /// Version 2: neither LOCAL nor PROXY.
    case unknownCommand
    /// Version 2: a family or a transport that does not exist.
    case unknownFamily
    /// Version 2: the header says to be longer than `ProxyHeaderReader.longestBlock`.
    case tooLong
    /// Version 2: the addresses do not fit into what the header says its length is.
    case tooShort
    /// Version 2: a field behind the addresses reaches over the header's end.
    case badField
    /// Version 2: the checksum is another.
    case badChecksum

    /// What to tell an operator.
    package var sentence: String {
        switch self {
        case .noHeader: "The connection does not begin with a PROXY header."
        case .badLine: "The PROXY line is longer than 107 bytes or does not end with CR LF."
        case .unknownProtocol: "The PROXY line names another protocol than TCP4, TCP6 and UNKNOWN."
        case .badAddress: "The PROXY line has an address or a port that is none of its family."
        case .unknownVersion: "The PROXY header is of a version that is not spoken here."
        case .unknownCommand: "The PROXY header has a command that is neither LOCAL nor PROXY."
        case .unknownFamily: "The PROXY header has a family or a transport that does not exist."
        case .tooLong: "The PROXY header is longer than \(ProxyHeaderReader.longestBlock + 16) bytes."
        case .tooShort: "The PROXY header is too short for its addresses."
        case .badField: "A field of the PROXY header reaches over its end."
        case .badChecksum: "The PROXY header does not match its checksum."
        }
    }
}
