/// The schema, step by step. A step that was released is never changed; the next one is added below it.
enum Migrations {
    /// What to run to come from version n to n + 1.
    static let steps = [publications]

    /// The version this program writes.
    static var latestVersion: Int64 { Int64(steps.count) }

    /// The advisory lock that migrating instances take in turn: "ParlMigr".
    static let lock: Int64 = 0x5061_726C_4D69_6772

    /// One step as a script that is one transaction: several statements sent at once are.
    static func script(from version: Int64) -> String {
        """
        set local statement_timeout = 0;
        set local lock_timeout = '10s';
        \(steps[Int(version)])
        insert into parley.migrations (version, program) values (\(version + 1), 'parley');
        """
    }

    // A schema that an administrator made is used: `if not exists` would ask for his rights all the same.
    // Names are compared byte for byte: collation "C". A room's row is never made again under the same id;
    // its first fork is its beginning. `head` is the counter that gives the offsets; there is no index on it
    // and half of a page stays free, so that its updates stay within the page. `size` bounds pages without
    // touching the bodies. The generation begins with the second the schema is made in: a database made anew
    // under an old name has other epochs than the old one.
    private static let publications = """
        do $$ begin
            if to_regnamespace('parley') is null then create schema parley; end if;
        end $$;
        create table parley.migrations (
            version integer primary key,
            program text not null check (program = 'parley'),
            applied_at timestamptz not null default now()
        );
        create table parley.archive (
            id integer primary key check (id = 1),
            generation bigint not null check (generation between 1 and 78364164095),
            timeline text not null,
            system_id bigint not null,
            moves_from xid8 not null,
            cluster_key bytea not null check (octet_length(cluster_key) = 32)
        );
        create table parley.rooms (
            id bigint generated always as identity primary key check (id between 1 and 2821109907455),
            tenant text collate "C" not null,
            name text collate "C" not null,
            head bigint not null default 0,
            generation bigint not null,
            unique (tenant, name)
        ) with (fillfactor = 50);
        create table parley.forks (
            room bigint not null,
            generation bigint not null,
            first bigint not null,
            primary key (room, generation)
        );
        create table parley.publications (
            room bigint not null,
            "offset" bigint not null check ("offset" between 1 and 9007199254740991),
            sender text collate "C" not null,
            sender_name text collate "C",
            client_id text collate "C" not null,
            sent_at timestamptz not null,
            size integer not null,
            body json not null,
            primary key (room, "offset"),
            unique (room, sender, client_id)
        );
        create table parley.moves (
            xact xid8 not null,
            rooms bigint[] not null,
            heads bigint[] not null
        );
        create index moves_by_xact on parley.moves (xact);
        create table parley.members (
            tenant text collate "C" not null,
            member text collate "C" not null,
            room text collate "C" not null,
            primary key (tenant, member, room)
        );
        insert into parley.archive (id, generation, timeline, system_id, moves_from, cluster_key)
        select 1, floor(extract(epoch from clock_timestamp()))::bigint,
            substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),
            (select system_identifier from pg_control_system()),
            -- Every note from the first on is there, whoever else's transaction is older than this one.
            '1'::xid8,
            sha256(convert_to(
                gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
        """
}
