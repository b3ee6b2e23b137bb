import ChatProtocol
import Time

/// The schema, step by step. A step that was released is never changed; the next one is added below it.
enum Migrations {
    /// Marks a file as Parley's: "Parl".
    static let applicationID: Int64 = 0x5061_726C

    /// What to run to come from version n to n + 1.
    static let steps = [publications]

    /// The version this program writes.
    static var latestVersion: Int64 { Int64(steps.count) }

    /// Brings an empty or older database to the latest version, in one transaction; `now` begins the first
    /// generation, so that a file made anew under an old name has other epochs than the old one.
    static func run(on database: SQLiteDatabase, from version: Int64, now: WallTime) throws(SQLiteFailure) {
        guard version < latestVersion else { return }
        try database.write { () throws(SQLiteFailure) in
            for step in steps[Int(version)...] { try database.execute(step) }
            if version == 0 {
                try database.prepare("insert into archive (id, generation) values (1, ?)")
                    .run([.integer(max(now.milliseconds / 1000, 1))])
            }
            // Pragmas take no parameters; they belong to the transaction like any other write.
            try database.execute("pragma application_id = \(applicationID)")
            try database.execute("pragma user_version = \(latestVersion)")
        }
    }

    // Texts are compared byte for byte (the collation `binary`). `autoincrement`: a room's number is never
    // used again. `head` is the counter that gives the offsets. A room's first fork is its beginning.
    private static let publications = """
        create table archive (
            id integer primary key check (id = 1),
            generation integer not null check (generation between 1 and 78364164095)
        ) strict;
        create table rooms (
            id integer primary key autoincrement,
            tenant text not null,
            name text not null,
            head integer not null default 0,
            generation integer not null,
            unique (tenant, name)
        ) strict;
        create table forks (
            room integer not null,
            generation integer not null,
            first integer not null,
            primary key (room, generation)
        ) strict, without rowid;
        create table publications (
            room integer not null,
            "offset" integer not null check ("offset" between 1 and 9007199254740991),
            user text not null,
            name text,
            client_id text not null,
            body text not null check (json_valid(body)),
            time integer not null,
            primary key (room, "offset")
        ) strict, without rowid;
        create unique index publications_by_client on publications (room, user, client_id);
        create table memberships (
            tenant text not null,
            user text not null,
            room text not null,
            primary key (tenant, user, room)
        ) strict, without rowid;
        """
}
