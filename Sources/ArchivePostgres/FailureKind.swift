/// What a server's error says about the batch it ended. The classes are those of the SQLSTATE table.
enum FailureKind: Equatable {
    /// Something in one draft: its values, its constraints, its nesting. The others are innocent.
    case draft
    /// A room's lock was not free in time.
    case locked
    /// Writers met; the same again will go through.
    case contention
    /// The server takes no writes on this connection, and will not before it is another one.
    case readOnly
    /// The server has a trouble of its own, which may pass.
    case trouble

    init(sqlState: String) {
        self =
            switch sqlState {
            case "25006": .readOnly
            case "55P03": .locked
            default:
                switch sqlState.prefix(2) {
                // Data, constraints, and limits of the program: a body nested deeper than the server's stack.
                case "22", "23", "54": .draft
                case "40": .contention
                default: .trouble
                }
            }
    }
}
