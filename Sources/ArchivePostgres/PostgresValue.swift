/// A parameter, in the server's binary form.
enum PostgresValue: Hashable, Sendable {
    case int64(Int64)
    case text(String)
    /// bytea; also json and text whose bytes are at hand: both have the same form.
    case bytes([UInt8])
    case bool(Bool)
    case int64Array([Int64])
    case textArray([String?])
    case byteaArray([[UInt8]])
    case null

    // The server's numbers of the types: they never change.
    private static let bytea: Int32 = 17
    private static let int8: Int32 = 20
    private static let text: Int32 = 25

    /// Appends the bytes to `buffer`; false for null, which has none.
    func append(to buffer: inout [UInt8]) -> Bool {
        switch self {
        case .int64(let value): buffer.append(bigEndian: value)
        case .text(let value): buffer += value.utf8
        case .bytes(let value): buffer += value
        case .bool(let value): buffer.append(value ? 1 : 0)
        case .int64Array(let values):
            Self.appendHead(values.count, hasNulls: false, of: Self.int8, to: &buffer)
            for value in values {
                buffer.append(bigEndian: Int32(8))
                buffer.append(bigEndian: value)
            }
        case .textArray(let values):
            Self.appendHead(values.count, hasNulls: values.contains(nil), of: Self.text, to: &buffer)
            for value in values {
                buffer.append(bigEndian: value.map { Int32($0.utf8.count) } ?? -1)
                if let value { buffer += value.utf8 }
            }
        case .byteaArray(let values):
            Self.appendHead(values.count, hasNulls: false, of: Self.bytea, to: &buffer)
            for value in values {
                buffer.append(bigEndian: Int32(value.count))
                buffer += value
            }
        case .null: return false
        }
        return true
    }

    /// The head of an array of one dimension; an empty array has none.
    private static func appendHead(
        _ count: Int, hasNulls: Bool, of element: Int32, to buffer: inout [UInt8]
    ) {
        buffer.append(bigEndian: Int32(count == 0 ? 0 : 1))
        buffer.append(bigEndian: Int32(hasNulls ? 1 : 0))
        buffer.append(bigEndian: element)
        if count == 0 { return }
        buffer.append(bigEndian: Int32(count))
        // The index of the first element.
        buffer.append(bigEndian: Int32(1))
    }
}

extension [UInt8] {
    /// Appends an integer, its highest byte first.
    fileprivate mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> Integer(shift)))
        }
    }
}
