/// Is handed the connections that come in.
package protocol ListenerDelegate: AnyObject {
    /// Whether a connection from there may come in; asked before anything is made of it.
    func judge(_ remote: SocketAddress, by listener: Listener) -> ListenerVerdict
    /// A connection came. Without a `delegate` after this call it is aborted.
    func accepted(_ socket: TCPSocket, by listener: Listener)
    /// What those are told who are closed because the process has no descriptor left.
    func farewell(by listener: Listener) -> [UInt8]
}

extension ListenerDelegate {
    /// Everybody may.
    package func judge(_ remote: SocketAddress, by listener: Listener) -> ListenerVerdict { .welcome }
    /// Nothing.
    package func farewell(by listener: Listener) -> [UInt8] { [] }
}

/// What becomes of a connection that has just come.
package enum ListenerVerdict: Sendable {
    /// It is handed over.
    case welcome
    /// It is told this, as far as the kernel takes it at once, and closed.
    case refused(telling: [UInt8])
}
