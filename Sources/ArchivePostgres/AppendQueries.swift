/// The append: two statements, because a statement has one snapshot, and that must be younger than the locks
/// it relies on. They travel in one pipeline with one Sync, which is one transaction and one round trip.
enum AppendQueries {
    /// Takes the rooms' locks, everywhere in ascending order.
    static let lock = PostgresStatement(
        name: "lock_rooms",
        sql: "select id from parley.rooms where id = any($1::bigint[]) order by id for no key update")

    /// Which of the rooms are not locked by anyone.
    static let free = PostgresStatement(
        name: "free_rooms",
        sql: """
            select id from parley.rooms where id = any($1::bigint[]) order by id
            for no key update skip locked
            """)

    /// Judges, numbers and inserts the drafts, and notes the rooms' moves. $1 the generation believed, then
    /// parallel arrays, an element a draft. A row a draft: its place, offset, that offset's generation,
    /// whether it is stored (0), known (1) or known with another body (2), and its time. No row at all where
    /// the database is no continuation of what was believed: nothing was written.
    static let append = PostgresStatement(
        name: "append",
        sql: """
            with judged as materialized (
                select d.*, r.head, r.generation as was, a.generation as now,
                    k."offset" as known, k.sent_at, k.body::text = convert_from(d.body, 'UTF8') as same,
                    count(*) filter (where k."offset" is null)
                        over (partition by d.room order by d.ord) as nth
                from parley.archive a
                cross join unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[])
                    with ordinality as d(room, sender, sender_name, client_id, body, ord)
                join parley.rooms r on r.id = d.room
                left join lateral (
                    select p."offset", p.sent_at, p.body from parley.publications p
                    where p.room = d.room and p.sender = d.sender and p.client_id = d.client_id limit 1) k
                    on true
                where a.generation = $1::bigint
                    and a.timeline = substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)),
            bumped as (
                update parley.rooms r set head = r.head + f.n, generation = f.now
                from (
                    select room, now, count(*) as n from judged where known is null group by room, now) f
                where r.id = f.room returning r.id, r.head),
            forked as (
                insert into parley.forks (room, generation, first)
                select distinct room, now, head + 1 from judged where known is null and was <> now),
            placed as (
                insert into parley.publications
                    (room, "offset", sender, sender_name, client_id, sent_at, size, body)
                select room, head + nth, sender, sender_name, client_id, statement_timestamp(),
                    octet_length(body), convert_from(body, 'UTF8')::json
                from judged where known is null),
            moved as (
                insert into parley.moves (xact, rooms, heads)
                select pg_current_xact_id(), array_agg(id), array_agg(head) from bumped
                having count(*) > 0)
            select ord, coalesce(known, head + nth),
                case when known is null then now else (
                    select max(f.generation) from parley.forks f
                    where f.room = judged.room and f.first <= known) end,
                case when known is null then 0 when same then 1 else 2 end::bigint,
                floor(extract(epoch from coalesce(sent_at, statement_timestamp())) * 1000)::bigint
            from judged order by ord
            """)
}
