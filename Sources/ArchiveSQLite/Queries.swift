/// Every statement of the archive, prepared once.
struct Queries {
    let generation, beginGeneration, touch: SQLiteStatement
    let room, makeRoom, moveRoom: SQLiteStatement
    let forks, forkAt, fork: SQLiteStatement
    let known, insert: SQLiteStatement
    let publicationsBefore, publicationsAfter: SQLiteStatement
    let join, leave, memberships: SQLiteStatement

    init(_ database: SQLiteDatabase) throws(SQLiteFailure) {
        generation = try database.prepare("select generation from archive")
        beginGeneration = try database.prepare(
            "update archive set generation = max(generation + 1, ?) returning generation")
        touch = try database.prepare("update archive set generation = generation")

        room = try database.prepare(
            """
            select id, head, generation, (select min("offset") from publications where room = rooms.id)
            from rooms where tenant = ? and name = ?
            """)
        makeRoom = try database.prepare(
            "insert into rooms (tenant, name, generation) values (?, ?, ?) returning id")
        moveRoom = try database.prepare("update rooms set head = ?, generation = ? where id = ?")

        forks = try database.prepare("select generation, first from forks where room = ? order by generation")
        forkAt = try database.prepare(
            "select max(generation) from forks where room = ? and first <= ?")
        fork = try database.prepare("insert into forks (room, generation, first) values (?, ?, ?)")

        known = try database.prepare(
            """
            select "offset", body, time from publications indexed by publications_by_client
            where room = ? and user = ? and client_id = ?
            """)
        insert = try database.prepare(
            """
            insert into publications (room, "offset", user, name, client_id, body, time)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        let columns = "\"offset\", user, name, client_id, body, time"
        publicationsBefore = try database.prepare(
            """
            select \(columns) from publications
            where room = ? and "offset" < ? order by "offset" desc limit ?
            """)
        publicationsAfter = try database.prepare(
            """
            select \(columns) from publications
            where room = ? and "offset" > ? order by "offset" limit ?
            """)

        join = try database.prepare(
            "insert into memberships (tenant, user, room) values (?, ?, ?) on conflict do nothing")
        leave = try database.prepare("delete from memberships where tenant = ? and user = ? and room = ?")
        memberships = try database.prepare(
            "select room from memberships where tenant = ? and user = ? and room > ? order by room limit ?")
    }
}
