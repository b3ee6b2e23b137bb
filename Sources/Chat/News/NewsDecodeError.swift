package import ChatProtocol

/// Why bytes are not news.
package enum NewsDecodeError: Error, Equatable, CustomStringConvertible {
    /// Another version wrote them.
    case unknownFormat(UInt8)
    /// The format is ours, the kind of news is not.
    case unknownKind(UInt8)
    /// They end too early.
    case truncated
    /// So many bytes follow the news.
    case trailing(Int)
    /// A text is not UTF-8.
    case malformedText
    /// A name, client id or epoch is none.
    case malformedIdentifier(IdentifierError)
    /// An offset or a roster's number is out of range.
    case impossibleNumber

    package var description: String {
        switch self {
        case .unknownFormat(let format): "the news are of format \(format), which this version does not know"
        case .unknownKind(let kind): "the news are of kind \(kind), which this version does not know"
        case .truncated: "the news end too early"
        case .trailing(let count): "\(count) bytes follow the news"
        case .malformedText: "a text in the news is not UTF-8"
        case .malformedIdentifier(let error): "an identifier in the news is none: \(error.description)"
        case .impossibleNumber: "an offset or number in the news is out of range"
        }
    }
}
