/// Stands between the bytes of a socket and those of its delegate: TLS.
///
/// The socket owns it from `install` until it closes, and calls it on its loop only. A layer bounds what it
/// puts on its wire ahead of the socket, so that what waits stays plain, and shared, in the socket's queue.
package protocol StreamLayer: AnyObject {
    /// What waits to leave, as it leaves.
    var wire: WriteQueue { get set }
    /// Whether bytes of the delegate can be sealed by now.
    var isReady: Bool { get }
    /// Whether it holds input back because the sink wanted no more of it.
    var keepsInput: Bool { get }
    /// Whether it owns no buffer beside its wire.
    var ownsNoBuffer: Bool { get }
    /// Takes what came off the wire and hands `sink` what it means.
    func receive(_ bytes: Span<UInt8>, for sink: any StreamSink)
    /// The peer's half has ended without the layer's own end.
    func receiveEnd()
    /// Goes on with the input it kept.
    func resume(for sink: any StreamSink)
    /// Moves bytes from `plain` to the wire, as many as may be ahead of the socket. With `isLast` nothing
    /// follows them, and the wire ends as the layer's protocol wants it.
    func seal(_ plain: inout WriteQueue, isLast: Bool)
}

/// Takes what a layer makes of the wire's bytes.
package protocol StreamSink: AnyObject {
    /// Whether bytes can be handed over now.
    var wantsBytes: Bool { get }
    /// These bytes came; they are gone after the call.
    func take(_ bytes: Span<UInt8>)
    /// The peer says that it sends no more.
    func takeEnd()
    /// The layer is broken: what is on its wire still leaves, then the connection closes.
    func takeFailure()
}
