internal import CLibpq

/// The rows one statement answered, in the server's binary form. Columns are asked for by number, as the
/// statement lists them; a column of another type, and a null where none may be, is our own mistake and
/// traps.
final class PostgresRows {
    private static let integers: Set<Oid> = [20, 21, 23, 26, 5069]
    private static let boolean: Oid = 16

    private let result: OpaquePointer
    /// How many there are; 0 for a statement that answers none.
    let count: Int

    /// Takes over libpq's result.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    /// A whole number: smallint to bigint, oid, xid8.
    func int64(_ row: Int, _ column: Int) -> Int64 {
        precondition(Self.integers.contains(type(column)), "column \(column) has type \(type(column))")
        let bytes = bytes(row, column)
        let isNegative = bytes[0] & 0x80 != 0 && type(column) != 26
        return bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
    }

    /// A text; json and bytea too, where they hold UTF-8.
    func text(_ row: Int, _ column: Int) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

    /// A text, or nil for null.
    func optionalText(_ row: Int, _ column: Int) -> String? {
        isNull(row, column) ? nil : text(row, column)
    }

    /// The bytes of a bytea, a json or a text.
    func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        precondition(!isNull(row, column), "row \(row), column \(column) is null")
        let count = Int(PQgetlength(result, Int32(row), Int32(column)))
        let start = UnsafeRawPointer(PQgetvalue(result, Int32(row), Int32(column))!)
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A boolean.
    func bool(_ row: Int, _ column: Int) -> Bool {
        precondition(type(column) == Self.boolean, "column \(column) has type \(type(column))")
        return bytes(row, column)[0] != 0
    }

    /// Whether it is null.
    func isNull(_ row: Int, _ column: Int) -> Bool {
        precondition((0..<count).contains(row) && column < Int(PQnfields(result)), "no such row or column")
        return PQgetisnull(result, Int32(row), Int32(column)) != 0
    }

    private func type(_ column: Int) -> Oid { PQftype(result, Int32(column)) }
}
