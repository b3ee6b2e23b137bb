import TestServers
import Testing

@testable import ArchivePostgres

@Suite("values to and from Postgres")
struct PostgresValueTests {
    private static let texts = [
        "", " ", "it's \"quoted\"", "\\", "\\n\\000", "{a,b}", "NULL", "null", "ä€😀\u{10FFFF}", "a\nb\tc\r",
        String(repeating: "x", count: 200_000),
    ]

    @Test("every text comes back as it was, alone and in an array, and null stays null")
    func texts() throws {
        let bench = try PostgresBench()
        let connection = try bench.open(PostgresServer.shared.url(database: "postgres"))
        for text in Self.texts {
            let rows = try bench.rows(connection, "select $1::text, $2::text", [.text(text), .null])
            #expect(rows.text(0, 0) == text && rows.optionalText(0, 0) == text)
            #expect(rows.isNull(0, 1) && rows.optionalText(0, 1) == nil && !rows.isNull(0, 0))
        }
        let mixed: [String?] = Self.texts + [nil, "after null", nil]
        let arrays: [[String?]] = [mixed, [], [nil], Self.texts]
        for array in arrays {
            let rows = try bench.rows(
                connection, "select v from unnest($1::text[]) with ordinality as u (v, n) order by n",
                [.textArray(array)])
            #expect((0..<rows.count).map { rows.optionalText($0, 0) } == array)
        }
        connection.close()
    }

    @Test("every byte comes back as it was, alone and in an array")
    func bytes() throws {
        let bench = try PostgresBench()
        let connection = try bench.open(PostgresServer.shared.url(database: "postgres"))
        let samples: [[UInt8]] = [
            [], [0], [0, 0, 1, 0], Array(0...255), [UInt8](repeating: 0, count: 200_000), Array("\\x00".utf8),
        ]
        for bytes in samples {
            #expect(try bench.rows(connection, "select $1::bytea", [.bytes(bytes)]).bytes(0, 0) == bytes)
        }
        for array in [samples, []] {
            let rows = try bench.rows(
                connection, "select v from unnest($1::bytea[]) with ordinality as u (v, n) order by n",
                [.byteaArray(array)])
            #expect((0..<rows.count).map { rows.bytes($0, 0) } == array)
        }
        connection.close()
    }

    @Test("every whole number and boolean comes back as it was")
    func numbers() throws {
        let bench = try PostgresBench()
        let connection = try bench.open(PostgresServer.shared.url(database: "postgres"))
        let samples: [Int64] = [0, 1, -1, 255, 256, -256, .max, .min, 1 << 53]
        for number in samples {
            #expect(try bench.rows(connection, "select $1::int8", [.int64(number)]).int64(0, 0) == number)
        }
        for array in [samples, []] {
            let rows = try bench.rows(
                connection, "select v from unnest($1::int8[]) with ordinality as u (v, n) order by n",
                [.int64Array(array)])
            #expect((0..<rows.count).map { rows.int64($0, 0) } == array)
        }
        let small = try bench.rows(
            connection, "select -3::int2, -70000::int4, 4294967295::oid, '7'::xid8, 30000::int2")
        #expect((0..<5).map { small.int64(0, $0) } == [-3, -70_000, 4_294_967_295, 7, 30_000])
        for value in [true, false] {
            #expect(try bench.rows(connection, "select $1::bool", [.bool(value)]).bool(0, 0) == value)
        }
        connection.close()
    }

    @Test("a body is stored and returned byte for byte by a json column")
    func json() throws {
        let bench = try PostgresBench()
        let connection = try bench.open(PostgresServer.shared.makeDatabase())
        try bench.script(connection, "create table t (body json)").get()
        let body = Array("{ \"b\" : 1e2,\"b\":[ ],\"\\u00e9\":\"😀\" }".utf8)
        let rows = try bench.rows(connection, "insert into t values ($1) returning body", [.bytes(body)])
        #expect(rows.bytes(0, 0) == body)
        connection.close()
    }

    @Test("a zero byte in a text is the server's error, and the connection lives on")
    func zeroInText() throws {
        let bench = try PostgresBench()
        let connection = try bench.open(PostgresServer.shared.url(database: "postgres"))
        let echo = PostgresStatement(name: "echo", sql: "select $1::text")
        #expect(try bench.ask(connection, [(echo, [.text("a\0b")])]).failure?.sqlState == "22021")
        #expect(try bench.ask(connection, [(echo, [.text("ab")])]).get()[0].text(0, 0) == "ab")
        connection.close()
    }
}
