import Glibc

/// Reading.
extension TCPSocket {
    /// A busy connection may read that often in one turn before others have theirs.
    private static let readsPerTurn = 4

    var wantsInput: Bool {
        switch state {
        case .open: !isPaused && !hasPeerEnded
        case .closing: !hasPeerEnded
        case .closed, .reported: false
        }
    }

    func read(isLastInput: Bool) {
        if isOpen, let layer, layer.keepsInput {
            layer.resume(for: self)
            finishInput(of: layer)
            guard wantsInput, !layer.keepsInput else { return }
        }
        for _ in 0..<Self.readsPerTurn {
            do {
                let result = try systemCall("recv") {
                    recv(descriptor.number, loop.readBuffer, loop.readBufferSize, 0)
                }
                guard case .done(let count) = result else { return }
                if count == 0 {
                    layer?.receiveEnd()
                    return end()
                }
                if isOpen {
                    let bytes = Span(_unsafeStart: UnsafePointer(loop.readBuffer), count: count)
                    if let layer { pass(bytes, through: layer) } else { delegate?.received(bytes, on: self) }
                }
                // The delegate may have paused or closed; and a short read means that the kernel has no more.
                if !wantsInput || count < loop.readBufferSize && !isLastInput { return }
            } catch {
                return close(.failed(error))
            }
        }
    }

    func fail() {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &length)
        close(code == 0 ? .peerGone : .failed(SystemError("recv", code)))
    }
}
