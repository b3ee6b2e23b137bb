/// Every statement of the archive but the append, which has a file of its own. Each is one snapshot.
enum Queries {
    /// What a connection must find before it is used: it is no standby, it writes, its commits wait for the
    /// disk, and the schema is of this version. How commits wait is made the session's own by this: a
    /// configuration loaded again later cannot loosen the commits of a connection in use.
    static let greeting = PostgresStatement(
        name: "greeting",
        sql: """
            select pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
                set_config('synchronous_commit', current_setting('synchronous_commit'), false) = 'off',
                (select max(version) from parley.migrations)::bigint
            """)

    /// Makes those of the rooms that are missing, in one order everywhere: two that make the same rooms wait
    /// for each other, and never in a circle.
    static let makeRooms = PostgresStatement(
        name: "make_rooms",
        sql: """
            with wanted as (
                select distinct w.tenant collate "C" as tenant, w.name collate "C" as name
                from unnest($1::text[], $2::text[]) as w(tenant, name)
                where not exists (
                    select from parley.rooms r where r.tenant = w.tenant and r.name = w.name)),
            made as (
                insert into parley.rooms (tenant, name, generation)
                select w.tenant, w.name, a.generation from parley.archive a cross join wanted w
                order by w.tenant, w.name
                on conflict (tenant, name) do nothing returning id, generation)
            insert into parley.forks (room, generation, first) select id, generation, 1 from made
            """)

    /// The heads of those of the rooms that exist: place in the question, number, generation, head. Sent
    /// right behind `makeRooms` it sees what another one made in the meantime: it is a statement of its own.
    static let heads = PostgresStatement(
        name: "heads",
        sql: """
            select w.ord, r.id, a.generation, r.head from parley.archive a
            cross join unnest($1::text[], $2::text[]) with ordinality as w(tenant, name, ord)
            join parley.rooms r on r.tenant = w.tenant and r.name = w.name
            """)

    /// A write that changes nothing anybody reads.
    static let touch = PostgresStatement(
        name: "touch",
        sql: "insert into parley.moves (xact, rooms, heads) values (pg_current_xact_id(), '{}', '{}')")

    /// The present generation.
    static let generation = PostgresStatement(
        name: "generation", sql: "select generation from parley.archive")

    /// Notes who is in which room: tenants, members, rooms.
    static let join = PostgresStatement(
        name: "join",
        sql: """
            insert into parley.members (tenant, member, room)
            select m.tenant, m.member, m.room
            from unnest($1::text[], $2::text[], $3::text[]) as m(tenant, member, room)
            order by m.tenant collate "C", m.member collate "C", m.room collate "C"
            on conflict do nothing
            """)

    /// Notes who no longer is. Locked in order first: a delete takes its rows in any.
    static let leave = PostgresStatement(
        name: "leave",
        sql: """
            with gone as materialized (
                select m.ctid from parley.members m
                join unnest($1::text[], $2::text[], $3::text[]) as g(tenant, member, room)
                    on m.tenant = g.tenant and m.member = g.member and m.room = g.room
                order by m.tenant, m.member, m.room for update of m)
            delete from parley.members m using gone where m.ctid = gone.ctid
            """)

    /// A user's rooms after a name, at most so many, each with its last publication: the columns of `page`,
    /// with the room's name in place of the forks.
    static let roomsOfUser = PostgresStatement(
        name: "rooms_of_user",
        sql: """
            select r.id, a.generation, m.room, r.head, \(columns)
            from parley.archive a
            cross join (
                select tenant, room from parley.members
                where tenant = $1::text and member = $2::text and room > $3::text
                order by room limit $4::bigint) m
            join parley.rooms r on r.tenant = m.tenant and r.name = m.room
            left join lateral (
                select * from parley.publications p where p.room = r.id
                order by p."offset" desc limit 1) q on true
            order by m.room
            """)

    /// The newest publications of a room before an offset.
    static let pageBefore = page("page_before", "<", "desc")
    /// The oldest ones after it.
    static let pageAfter = page("page_after", ">", "asc")

    private static let columns = """
        q."offset", q.sender, q.sender_name, q.client_id,
        floor(extract(epoch from q.sent_at) * 1000)::bigint, q.body
        """

    /// Tenant, name, offset, most rows, most bytes, rows beyond those bytes; ascending. One row at least
    /// where the room exists.
    private static func page(_ name: String, _ comparison: String, _ order: String) -> PostgresStatement {
        PostgresStatement(
            name: name,
            sql: """
                select s.id, s.now, s.was, s.head, s.first, s.forks, \(columns)
                from (
                    select r.id, a.generation as now, r.generation as was, r.head,
                        (select min(o."offset") from parley.publications o where o.room = r.id) as first,
                        (select string_agg(f.generation || ':' || f.first, ',' order by f.generation)
                        from parley.forks f where f.room = r.id) as forks
                    from parley.archive a cross join parley.rooms r
                    where r.tenant = $1::text and r.name = $2::text) s
                left join lateral (
                    select * from (
                        select w.*, sum(w.size) over (order by w."offset" \(order)) as bytes,
                            row_number() over (order by w."offset" \(order)) as nth
                        from (
                            select * from parley.publications p
                            where p.room = s.id and p."offset" \(comparison) $3::bigint
                            order by p."offset" \(order) limit $4::bigint) w) n
                    where n.bytes <= $5::bigint or n.nth <= $6::bigint) q on true
                order by q."offset"
                """)
    }
}
