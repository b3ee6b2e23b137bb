import Bytes
import JSON

/// Reads the fields of one object into optionals: a field given twice, of another type or beyond its bounds
/// is a fault that names it. Fields nobody knows are passed.
struct FieldReader {
    /// The scanner, which is also where the reader stands.
    var json: JSONReader

    /// Enters an object.
    mutating func beginObject(in bytes: Span<UInt8>) throws(CommandFault) {
        do { try json.beginObject(in: bytes) } catch { throw CommandFault(error) }
    }

    /// The next field's name; nil at the object's end.
    mutating func nextKey(in bytes: Span<UInt8>) throws(CommandFault) -> JSONKey? {
        do { return try json.nextKey(in: bytes) } catch { throw CommandFault(error) }
    }

    /// Enters the array that a field holds.
    mutating func beginArray(_ field: String, in bytes: Span<UInt8>) throws(CommandFault) {
        do { try json.beginArray(in: bytes) } catch { throw CommandFault(error, field) }
    }

    /// Whether another element comes.
    mutating func nextElement(_ field: String, in bytes: Span<UInt8>) throws(CommandFault) -> Bool {
        do { return try json.nextElement(in: bytes) } catch { throw CommandFault(error, field) }
    }

    /// Passes the value of a field nobody knows.
    mutating func skip(in bytes: Span<UInt8>) throws(CommandFault) {
        do { _ = try json.skip(in: bytes) } catch { throw CommandFault(error) }
    }

    /// A room's name.
    mutating func read(
        _ field: String, into value: inout RoomName?, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        let utf8 = try utf8(field, isFirst: value == nil, in: bytes)
        do { value = try RoomName(utf8) } catch { throw CommandFault(.badRequest, field, error.description) }
    }

    /// A user.
    mutating func read(
        _ field: String, into value: inout UserID?, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        let utf8 = try utf8(field, isFirst: value == nil, in: bytes)
        do { value = try UserID(utf8) } catch { throw CommandFault(.badRequest, field, error.description) }
    }

    /// A draft's name.
    mutating func read(
        _ field: String, into value: inout ClientID?, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        let utf8 = try utf8(field, isFirst: value == nil, in: bytes)
        do { value = try ClientID(String(decoding: utf8, as: UTF8.self)) } catch {
            throw CommandFault(.badRequest, field, error.description)
        }
    }

    /// An epoch.
    mutating func read(
        _ field: String, into value: inout Epoch?, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        let utf8 = try utf8(field, isFirst: value == nil, in: bytes)
        do { value = try Epoch(String(decoding: utf8, as: UTF8.self)) } catch {
            throw CommandFault(.badRequest, field, error.description)
        }
    }

    /// Any text.
    mutating func read(
        _ field: String, into value: inout String?, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        value = String(decoding: try utf8(field, isFirst: value == nil, in: bytes), as: UTF8.self)
    }

    /// A text that is shown to people: at most `byteLimit` bytes, no control characters.
    mutating func readLine(
        _ field: String, into value: inout String?, byteLimit: Int, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        let utf8 = try utf8(field, isFirst: value == nil, in: bytes)
        guard utf8.count <= byteLimit else {
            throw CommandFault(.badRequest, field, "has at most \(byteLimit) bytes")
        }
        guard !utf8.hasControlCharacter else {
            throw CommandFault(.badRequest, field, "must not contain control characters")
        }
        value = String(decoding: utf8, as: UTF8.self)
    }

    /// An integer.
    mutating func read(
        _ field: String, into value: inout Int64?, within range: ClosedRange<Int64>, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        try refuse(field, twice: value != nil)
        do { value = try json.integer(range, in: bytes) } catch {
            guard error.family == .mismatch else { throw CommandFault(error, field) }
            throw CommandFault(
                .badRequest, field, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// `true` or `false`.
    mutating func read(
        _ field: String, into value: inout Bool?, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        try refuse(field, twice: value != nil)
        do { value = try json.boolean(in: bytes) } catch { throw CommandFault(error, field) }
    }

    /// Any value, byte for byte as it stands.
    mutating func readRaw(
        _ field: String, into value: inout [UInt8]?, byteLimit: Int, in bytes: Span<UInt8>
    ) throws(CommandFault) {
        try refuse(field, twice: value != nil)
        let range: Range<Int>
        do { range = try json.skip(in: bytes) } catch { throw CommandFault(error, field) }
        guard range.count <= byteLimit else {
            throw CommandFault(
                .tooLarge, field, "has \(range.count) bytes; this server takes \(byteLimit)")
        }
        value = [UInt8](bytes.extracting(range))
    }

    /// A field stands in its object once.
    func refuse(_ field: String, twice isTwice: Bool) throws(CommandFault) {
        if isTwice { throw CommandFault(.badRequest, field, "is given twice") }
    }

    private mutating func utf8(
        _ field: String, isFirst: Bool, in bytes: Span<UInt8>
    ) throws(CommandFault) -> [UInt8] {
        try refuse(field, twice: !isFirst)
        do { return try json.string(in: bytes) } catch { throw CommandFault(error, field) }
    }
}

/// The value of a field that must be there.
func required<Value>(_ value: Value?, _ field: String) throws(CommandFault) -> Value {
    guard let value else { throw CommandFault(.badRequest, field, "is missing") }
    return value
}
