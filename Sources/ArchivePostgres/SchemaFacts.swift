/// What a server and its database are, before anything of ours is asked for.
struct SchemaFacts: Equatable {
    var serverVersion: Int64
    var isStandby: Bool
    var isReadOnly: Bool
    var synchronousCommit: String
    var fsync: String
    var standbyNames: String
    var encoding: String
    var database: String
    var role: String
    var hasSchema: Bool
    /// Whether the schema holds a table of migrations that has our columns.
    var hasMigrations: Bool
    /// Whether anything at all stands in the schema.
    var hasTables: Bool
    var mayCreateSchema: Bool
    var mayUseSchema: Bool
    var mayCreateTables: Bool

    /// The question; it may be asked of any database.
    static let statement = PostgresStatement(
        name: "facts",
        sql: """
            select current_setting('server_version_num')::bigint, pg_is_in_recovery(),
                current_setting('transaction_read_only') = 'on', current_setting('synchronous_commit'),
                current_setting('fsync'), current_setting('synchronous_standby_names'),
                (select pg_encoding_to_char(encoding)::text from pg_database
                where datname = current_database()),
                current_database()::text, current_user::text,
                n.oid is not null,
                (select count(*) from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = n.oid and c.relname = 'migrations' and c.relkind = 'r'
                    and a.attname in ('version', 'program', 'applied_at')) = 3,
                exists (select from pg_class c where c.relnamespace = n.oid),
                has_database_privilege(current_database(), 'CREATE'),
                coalesce(has_schema_privilege(n.oid, 'USAGE'), false),
                coalesce(has_schema_privilege(n.oid, 'CREATE'), false)
            from (values (0)) one left join pg_namespace n on n.nspname = 'parley'
            """)

    init(_ rows: PostgresRows) {
        serverVersion = rows.int64(0, 0)
        (isStandby, isReadOnly) = (rows.bool(0, 1), rows.bool(0, 2))
        (synchronousCommit, fsync, standbyNames) = (rows.text(0, 3), rows.text(0, 4), rows.text(0, 5))
        (encoding, database, role) = (rows.text(0, 6), rows.text(0, 7), rows.text(0, 8))
        (hasSchema, hasMigrations, hasTables) = (rows.bool(0, 9), rows.bool(0, 10), rows.bool(0, 11))
        (mayCreateSchema, mayUseSchema) = (rows.bool(0, 12), rows.bool(0, 13))
        mayCreateTables = rows.bool(0, 14)
    }

    /// Why this database cannot be used, with or without the schema; nil where it can.
    var refusal: PostgresStoreError? {
        if serverVersion < 150_000 {
            return .serverTooOld(version: "\(serverVersion / 10_000).\(serverVersion % 10_000)")
        }
        if isStandby { return .standby }
        if isReadOnly { return .readOnly }
        if synchronousCommit == "off" { return .asynchronousCommit }
        if encoding != "UTF8" { return .wrongEncoding(database: database, encoding: encoding) }
        if hasSchema {
            if hasTables, !hasMigrations { return .notOurs(database: database) }
            if !mayUseSchema {
                return .notPermitted(
                    what: "use the schema parley in the database \(database)",
                    remedy: "grant usage, create on schema parley to \(quoted(role))")
            }
        }
        return nil
    }

    /// Which right is missing to migrate the schema; nil where none is.
    var missingRight: PostgresStoreError? {
        if !hasSchema, !mayCreateSchema {
            return .notPermitted(
                what: "make the schema parley in the database \(database)",
                remedy: "grant create on database \(quoted(database)) to \(quoted(role))")
        }
        if hasSchema, !mayCreateTables {
            return .notPermitted(
                what: "make tables in the schema parley in the database \(database)",
                remedy: "grant usage, create on schema parley to \(quoted(role))")
        }
        return nil
    }

    /// What works, but weakly.
    var weaknesses: [String] {
        var sentences: [String] = []
        if fsync == "off" {
            sentences.append(
                "fsync is off in Postgres: acknowledged publications can be lost at a power cut; turn it on")
        }
        if standbyNames.isEmpty {
            sentences.append(
                """
                synchronous_standby_names is not set in Postgres: acknowledged publications can be lost \
                at a fail-over; set it if there is a standby
                """)
        }
        return sentences
    }

    private func quoted(_ name: String) -> String {
        var text = "\""
        for character in name.unicodeScalars {
            if character == "\"" { text += "\"" }
            text.unicodeScalars.append(character)
        }
        return text + "\""
    }
}
