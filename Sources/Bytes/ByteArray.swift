extension [UInt8] {
    /// A copy of the bytes of `span`.
    package init(_ span: Span<UInt8>) {
        self = span.withUnsafeBufferPointer { [UInt8]($0) }
    }

    /// Appends the bytes of `span`.
    package mutating func append(_ span: Span<UInt8>) {
        span.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}

extension String {
    /// The text `span` holds in UTF-8, or nil where that is malformed.
    package init?(validating span: Span<UInt8>) {
        guard let text = span.withUnsafeBufferPointer({ String(validating: $0, as: UTF8.self) }) else {
            return nil
        }
        self = text
    }
}
