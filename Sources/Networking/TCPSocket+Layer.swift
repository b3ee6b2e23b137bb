/// The way of bytes where a layer stands between the wire and the delegate.
extension TCPSocket: StreamSink, TurnHandler {
    private static let sealsPerFlush = 4
    /// A peer that was told why it is refused gets that long to go.
    private static let refusalTime = Duration.seconds(2)

    /// Lets all bytes of both directions pass through `layer` from now on; once, and before anything is sent.
    /// `rest` came already, and is the layer's.
    package func install(_ layer: any StreamLayer, receiving rest: Span<UInt8>) {
        precondition(self.layer == nil && queue.isEmpty, "a layer comes before the bytes it is for")
        guard isOpen else { return }
        self.layer = layer
        if !rest.isEmpty { pass(rest, through: layer) }
        if !layer.wire.isEmpty { flushAtTurnEnd() }
    }

    /// As above, for a connection on which nothing came yet.
    package func install(_ layer: any StreamLayer) {
        let nothing: [UInt8] = []
        install(layer, receiving: nothing.span)
    }

    /// Bytes of the delegate may leave, which waited for the layer.
    package func layerIsReady() { flushAtTurnEnd() }

    /// Hands the wire's bytes to the layer, and sends what it has to answer.
    func pass(_ bytes: Span<UInt8>, through layer: any StreamLayer) {
        layer.receive(bytes, for: self)
        finishInput(of: layer)
    }

    func finishInput(of layer: any StreamLayer) {
        if !layer.wire.isEmpty || (layer.isReady && !queue.isEmpty) { flushAtTurnEnd() }
    }

    /// Writes what waits as the wire wants it.
    func flushQueues() throws(SystemError) -> WriteQueue.Outcome {
        guard let layer else { return try queue.flush(to: descriptor.number) }
        for _ in 0..<Self.sealsPerFlush {
            layer.seal(&queue, isLast: !isOpen)
            let outcome = try layer.wire.flush(to: descriptor.number)
            if outcome != .drained || queue.isEmpty || !layer.isReady { return outcome }
        }
        return .unfinished
    }

    /// The delegate takes bytes again, and the layer still had some.
    package func turn() {
        if wantsInput { read(isLastInput: false) }
    }

    /// Whether the delegate takes bytes now.
    package var wantsBytes: Bool { isOpen && wantsInput }

    /// Bytes for the delegate.
    package func take(_ bytes: Span<UInt8>) {
        if isOpen { delegate?.received(bytes, on: self) }
    }

    /// The peer has said that it sends no more.
    package func takeEnd() {
        if !hasPeerEnded { end() }
    }

    /// The layer's last words leave, and it is over.
    package func takeFailure() {
        queue.removeAll()
        close(within: Self.refusalTime, as: .layerFailed)
    }
}
