/// Makes a sentence that says what to do out of why a connection attempt failed.
struct ConnectFailure {
    /// What libpq wrote, with SQL's states in it (its verbose form).
    let message: String
    /// Where it tried, for example `db:5432`.
    let place: String
    /// Who wanted in, and where to; what the address says.
    let target: PostgresTarget
    /// The server asked for a password and had none.
    let needsPassword: Bool
    /// The connection was encrypted when it failed.
    let isEncrypted: Bool

    private var user: String { target.parameters["user"].map { "\"\($0)\"" } ?? "of this process's name" }
    private var database: String {
        target.parameters["dbname"] ?? target.parameters["user"] ?? "of the user's name"
    }

    /// The sentence.
    var sentence: String {
        let (state, said) = serverSaid
        if needsPassword {
            return "Postgres at \(place) wants a password for user \(user): write it into the address, "
                + "postgres://user:password@…"
        }
        return state.map { sentence(for: $0, said) } ?? sentenceOfOurSide
    }

    private func sentence(for state: Substring, _ said: Substring) -> String {
        switch state {
        case "28P01":
            "Postgres at \(place) refuses user \(user): the password is wrong, or there is no such user."
        case "28000" where !isEncrypted:
            "Postgres at \(place) lets this connection not in (\(said)): correct the user or its "
                + "pg_hba.conf, or add ?sslmode=require where it takes TLS only."
        case "28000":
            "Postgres at \(place) lets this connection not in (\(said)): correct the user or its "
                + "pg_hba.conf."
        case "3D000":
            "Postgres at \(place) has no database \"\(database)\": create it (createdb), or correct the "
                + "address."
        case "57P03": "Postgres at \(place) takes no connections yet (\(said)): wait until it is up."
        case "53300" where said.contains("for role") || said.contains("for database"):
            "Postgres at \(place) has no connection left (\(said)): raise that connection limit (alter role "
                + "or alter database … connection limit), or run fewer instances."
        case "53300":
            "Postgres at \(place) has no connection left (\(said)): raise its max_connections, or run fewer "
                + "instances."
        default: "Postgres at \(place) refuses the connection: \(said) (\(state))."
        }
    }

    private var sentenceOfOurSide: String {
        let says: (String) -> Bool = { message.contains($0) }
        if says("server does not support SSL") {
            return "Postgres at \(place) offers no TLS: remove sslmode from the address, or give the server "
                + "a certificate."
        }
        if says("received invalid response to SSL negotiation")
            || says("expected authentication request from server")
        {
            return "What answers at \(place) is no Postgres: correct the host and the port."
        }
        if says("Connection refused") || says("No such file or directory") && place.hasPrefix("/") {
            return "Nobody listens at \(place): start Postgres there, or correct the host and the port."
        }
        if says("certificate") {
            return "Postgres at \(place) does not prove who it is (\(lastLine)): correct sslrootcert or "
                + "sslmode in the address."
        }
        if says("server closed the connection unexpectedly") {
            return "What answers at \(place) hung up at once: it is no Postgres, or it is just going down."
        }
        return "Cannot connect to Postgres at \(place): \(lastLine)."
    }

    /// SQL's state and the sentence behind it: `FATAL:  28P01: password authentication failed …`.
    private var serverSaid: (state: Substring?, said: Substring) {
        for line in message.split(separator: "\n") {
            if let match = line.firstMatch(of: #/:  ([0-9A-Z]{5}): (.*)$/#) { return (match.1, match.2) }
        }
        return (nil, "")
    }

    /// What libpq wrote last that says something: the lines before tell of other addresses.
    private var lastLine: Substring {
        let lines = message.split(separator: "\n").filter {
            !$0.hasPrefix("\t") && !$0.hasPrefix("LOCATION:")
        }
        guard let line = lines.last else { return "no reason was given" }
        return line.split(separator: " failed: ").last ?? line
    }
}
