import ChatProtocol

/// What the sweep asks and does: which rooms have moved, and whether the database still is what it was.
enum SweepQueries {
    /// More notes than these are not read one by one: comparing all heads is cheaper then.
    static let moveLimit = 5000

    /// The rooms that moved since the sweep whose `next` is $1. Whatever this snapshot cannot see has an id
    /// of at least `next`, so the following sweep asks for it: some moves are read twice, none never.
    ///
    /// Next mark, generation, whether moves may be missing, whether history is the same; then a room's
    /// tenant, name, number and head, null where none moved.
    static let sweep = PostgresStatement(
        name: "sweep",
        sql: """
            with few as materialized (
                select m.rooms, m.heads from parley.moves m
                where m.xact >= $1::text::xid8
                    and $1::text::xid8 >= (select moves_from from parley.archive)
                limit \(moveLimit + 1)),
            counted as (select count(*) as moves from few),
            moved as (
                select u.room, max(u.head) as head
                from few cross join lateral unnest(few.rooms, few.heads) as u(room, head)
                where (select moves from counted) <= \(moveLimit) group by u.room)
            select pg_snapshot_xmin(pg_current_snapshot())::text, a.generation,
                $1::text::xid8 < a.moves_from or (select moves from counted) > \(moveLimit),
                a.timeline = substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
                    and a.system_id = (select system_identifier from pg_control_system()),
                r.tenant, r.name, r.id, moved.head
            from parley.archive a
            left join (moved join parley.rooms r on r.id = moved.room) on true
            """)

    /// Forgets the moves before $1, unless another instance is at it.
    static let trim = PostgresStatement(
        name: "trim",
        sql: """
            with mine as materialized (select pg_try_advisory_xact_lock(\(trimLock)) as got),
            raised as (
                update parley.archive set moves_from = $1::text::xid8 from mine
                where got and moves_from < $1::text::xid8)
            delete from parley.moves using mine where got and xact < $1::text::xid8
            """)

    /// Begins a generation where the database is no continuation of what it was, or is in an earlier one than
    /// was `believed`; of many instances that find this, one does it. A script: it waits for the appends
    /// under way, and none begins meanwhile.
    static func takeOver(believing believed: ArchiveGeneration?) -> String {
        let number = believed?.number ?? 0
        return beginGeneration(
            laterThan: number,
            where: """
                timeline <> substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
                or system_id <> (select system_identifier from pg_control_system())
                or generation < \(number)
                """)
    }

    /// Begins a generation later than `doubted`, unless somebody did.
    static func takeOver(after doubted: ArchiveGeneration) -> String {
        beginGeneration(laterThan: doubted.number, where: "generation <= \(doubted.number)")
    }

    /// Begins a generation because the operator says so.
    static let newEpoch = beginGeneration(laterThan: 0, where: "true")

    private static let trimLock: Int64 = 0x5061_726C_5472_696D

    /// The next number after the database's and `number`, or the present second if that is later, so that a
    /// copy put back twice does not begin the same generation twice. Notes of moves bear transaction ids that
    /// may mean nothing any more: they go, and those from now on are whole.
    private static func beginGeneration(laterThan number: Int64, where condition: String) -> String {
        """
        lock table parley.publications in share row exclusive mode;
        with begun as (
            update parley.archive set
                generation = greatest(
                    generation + 1, \(number + 1), floor(extract(epoch from clock_timestamp()))::bigint),
                timeline = substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),
                system_id = (select system_identifier from pg_control_system()),
                moves_from = '1'
            where \(condition) returning id)
        delete from parley.moves using begun;
        """
    }
}
