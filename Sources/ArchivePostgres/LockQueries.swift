/// Who stands in the way of the appends, as every role may see it: `pg_locks` shows all of everybody, of
/// others' sessions `pg_stat_activity` shows only their names.
enum LockQueries {
    /// The locks of others on the tables an append needs: process (0 for a prepared transaction),
    /// transaction, table, mode, whether it is held (or waited for, which keeps those who come later
    /// waiting), whether it bars every append, who it is, and whom it waits for. Where it bars none, it is of
    /// somebody who has locked rooms, or some of them. Those held come first.
    static let locks = PostgresStatement(
        name: "locks",
        sql: """
            select coalesce(l.pid, 0)::bigint, l.virtualtransaction, c.relname::text, l.mode, l.granted,
                k.bars,
                concat_ws(' ', nullif(s.application_name, ''), 'of role ' || s.usename::text,
                    'at ' || host(s.client_addr)),
                case when l.granted then '' else array_to_string(pg_blocking_pids(l.pid), ', ') end
            from pg_locks l join pg_class c on c.oid = l.relation
            left join pg_stat_activity s on s.pid = l.pid
            cross join lateral (
                select l.mode = 'AccessExclusiveLock' or c.relname <> 'archive'
                    and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock') as bars) k
            where l.locktype = 'relation'
                and l.database = (select oid from pg_database where datname = current_database())
                and c.relnamespace = to_regnamespace('parley')
                and c.relname in ('archive', 'rooms', 'publications', 'forks', 'moves')
                and l.pid is distinct from pg_backend_pid()
                and (k.bars or c.relname = 'rooms' and l.mode in ('RowShareLock', 'RowExclusiveLock'))
            order by l.granted desc, l.pid, c.relname, l.mode
            """)
}
