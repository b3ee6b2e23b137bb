import Bytes
internal import COpenSSL
package import Networking

/// TLS on one connection: what comes is decrypted for the sink, what leaves is encrypted a record at a time.
///
/// OpenSSL reads from the bytes that just came, and writes to `wire`. It is given whole records only; what is
/// left of one waits in `kept`, exactly as long as it is.
package final class TLSStream: StreamLayer {
    /// Encrypted so far ahead of the socket; the rest stays plain in the socket's queue, shared with others.
    static let aheadBytes = 64 * 1024
    /// What is kept may own so much more memory than twice its length.
    private static let spareBytes = 1_024
    /// More than this on the wire is not ours: a peer asks for alerts or new keys and reads none of them.
    private static let mostWireBytes = 256 * 1024

    /// Encrypted bytes that wait to leave.
    package var wire = WriteQueue()
    /// Whether the handshake is done and nothing has broken since.
    package private(set) var isReady = false
    /// Whether the sink wanted no more, and there is more.
    package private(set) var keepsInput = false
    /// Why it cannot go on, if it cannot.
    package private(set) var failure: TLSFailure?
    /// Whether the peer's half ended without its word for it (RFC 8446 §6.1): something may be missing.
    package private(set) var isTruncated = false
    /// Is told of the handshake's end.
    package var delegate: (any TLSStreamDelegate)?

    let ssl: OpaquePointer
    private let engine: TLSEngine
    private let context: TLSContext
    /// Input that is not a whole record yet, or that the sink does not want yet.
    private var kept = ByteQueue()
    /// What OpenSSL can read at the moment.
    private var input = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var greeting = GreetingGuard()
    private var hasBegun = false
    private var hasPeerEnded = false
    private var hasEndedWriting = false

    /// The server's side of a connection that was just accepted.
    package init(accepting context: TLSContext, engine: TLSEngine) {
        precondition(context.isServer, "a client's context accepts nobody")
        (ssl, self.context, self.engine) = (Self.make(context), context, engine)
        engine.connect(ssl)
        SSL_set_accept_state(ssl)
    }

    /// The client's side; its greeting waits on the wire at once. `server` is the name or the address that
    /// the server's certificate must be for. With `session` it begins with an earlier connection's.
    package init(
        connecting context: TLSContext, engine: TLSEngine, to server: String, resuming session: TLSSession?
    ) {
        precondition(!context.isServer, "a server's context connects to nobody")
        (ssl, self.context, self.engine) = (Self.make(context), context, engine)
        engine.connect(ssl)
        SSL_set_connect_state(ssl)
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), server) == 1
        // RFC 6066 §3: addresses are no server names.
        if !isAddress {
            SSL_set1_host(ssl, server)
            _ = openssl_ask_for_name(ssl, server)
        }
        if let session { SSL_set_session(ssl, session.pointer) }
        hasBegun = true
        OpenSSLErrors.clear()
        engine.current = self
        _ = SSL_do_handshake(ssl)
    }

    deinit {
        // Without it OpenSSL takes the session for a broken one and never resumes it.
        SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_free(ssl)
    }

    private static func make(_ context: TLSContext) -> OpaquePointer {
        guard let ssl = SSL_new(context.contexts[0]) else {
            preconditionFailure("OpenSSL has no memory for a connection")
        }
        return ssl
    }

    /// Whether it owns no buffer beside OpenSSL's.
    package var ownsNoBuffer: Bool { kept.isEmpty && wire.isEmpty }

    /// How much memory the input that waits holds, in bytes.
    var keptCapacity: Int { kept.capacity }
}

// From the wire to the sink.
extension TLSStream {
    /// Takes what came off the wire.
    package func receive(_ bytes: Span<UInt8>, for sink: any StreamSink) {
        guard failure == nil, !hasPeerEnded else { return }
        if kept.isEmpty {
            let used = process(bytes, sink)
            keep(bytes.extracting(droppingFirst: used))
        } else {
            kept.append(bytes)
            resume(for: sink)
        }
    }

    /// Goes on with what was kept.
    package func resume(for sink: any StreamSink) {
        guard failure == nil, !hasPeerEnded else { return }
        keepsInput = false
        var current = ByteQueue()
        swap(&current, &kept)
        let used = process(current.span, sink)
        guard failure == nil, !hasPeerEnded else { return }
        current.removeFirst(used)
        // Else a few bytes of a record that never ends would hold the memory of all that came before.
        if current.capacity > 2 * current.count + Self.spareBytes {
            keep(current.span)
        } else {
            kept = current
        }
    }

    /// The connection ended below.
    package func receiveEnd() {
        if !hasPeerEnded { isTruncated = true }
    }

    private func keep(_ rest: Span<UInt8>) {
        if rest.isEmpty || failure != nil || hasPeerEnded { return }
        kept.append(rest)
    }

    /// Hands whole records to OpenSSL; how many bytes of them were used.
    private func process(_ bytes: Span<UInt8>, _ sink: any StreamSink) -> Int {
        guard hasBegun || begins(bytes, sink) else { return 0 }
        let whole = Records.wholeBytes(of: bytes)
        if whole == 0 { return 0 }
        let records = bytes.extracting(first: whole)
        if context.isServer, !isReady, mayGreet, !greeting.admits(records) {
            refuseGreeting(sink)
            return 0
        }
        return bytes.withUnsafeBufferPointer { all in
            input = UnsafeBufferPointer(rebasing: all[..<whole])
            defer { input = UnsafeBufferPointer(start: nil, count: 0) }
            if !isReady { shakeHands(sink) }
            if isReady { read(for: sink) }
            if wire.byteCount > Self.mostWireBytes { fail(.flooding, sink) }
            return whole - input.count
        }
    }

    /// Looks at the very first byte of a client.
    private func begins(_ bytes: Span<UInt8>, _ sink: any StreamSink) -> Bool {
        hasBegun = true
        if bytes[0] == Records.handshake { return true }
        guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[0]) else {
            fail(.notTLS, sink)
            return false
        }
        let answer = PlainAnswer.bytes
        wire.append(copying: answer.span)
        fail(.plaintext, sink)
        return false
    }

    /// Whether the client's messages in the clear are greetings: its first, and in TLS 1.3 all.
    private var mayGreet: Bool { SSL_in_before(ssl) == 1 || SSL_version(ssl) == TLS1_3_VERSION }

    private func refuseGreeting(_ sink: any StreamSink) {
        // RFC 8446 §6: a fatal alert, illegal_parameter.
        let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 47]
        wire.append(copying: alert.span)
        fail(.greetingTooLong, sink)
    }

    private func shakeHands(_ sink: any StreamSink) {
        OpenSSLErrors.clear()
        engine.current = self
        let result = SSL_do_handshake(ssl)
        guard result == 1 else { return check(result, sink) }
        isReady = true
        let told = delegate
        delegate = nil
        told?.established(self)
    }

    private func read(for sink: any StreamSink) {
        var filled = 0
        while failure == nil, !hasPeerEnded {
            guard sink.wantsBytes else {
                keepsInput = !input.isEmpty
                return
            }
            var count = 0
            OpenSSLErrors.clear()
            engine.current = self
            let result = SSL_read_ex(ssl, engine.plain + filled, TLSEngine.plainBytes - filled, &count)
            filled += count
            // OpenSSL hands over whole records, for there is always room for one: it keeps nothing.
            if result == 1, filled <= TLSEngine.plainBytes - TLSEngine.recordBytes { continue }
            if filled > 0 { sink.take(Span(_unsafeStart: UnsafePointer(engine.plain), count: filled)) }
            filled = 0
            if result != 1 { return check(result, sink) }
        }
    }

    /// What it means that OpenSSL did not do as it was told.
    private func check(_ result: Int32, _ sink: any StreamSink) {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: break
        case SSL_ERROR_ZERO_RETURN:
            hasPeerEnded = true
            sink.takeEnd()
        default: fail(.refused(OpenSSLErrors.takeReason() ?? "the handshake was broken off"), sink)
        }
    }

    private func fail(_ reason: TLSFailure, _ sink: any StreamSink) {
        guard failure == nil else { return }
        failure = reason
        isReady = false
        keepsInput = false
        kept = ByteQueue()
        let told = delegate
        delegate = nil
        told?.refused(self, because: reason)
        sink.takeFailure()
    }
}

// From the socket to the wire.
extension TLSStream {
    /// Encrypts what waits, a record of at most 16 KiB at a time, so far as it may be ahead of the socket.
    package func seal(_ plain: inout WriteQueue, isLast: Bool) {
        guard isReady, !hasEndedWriting else { return }
        while wire.byteCount < Self.aheadBytes, !plain.isEmpty {
            let count = plain.move(atMost: TLSEngine.recordBytes, to: engine.gathered)
            var written = 0
            OpenSSLErrors.clear()
            engine.current = self
            // The wire takes everything, so this fails only where OpenSSL has no memory.
            guard SSL_write_ex(ssl, engine.gathered, count, &written) == 1, written == count else {
                return plain.removeAll()
            }
        }
        guard isLast, plain.isEmpty else { return }
        hasEndedWriting = true
        OpenSSLErrors.clear()
        engine.current = self
        SSL_shutdown(ssl)
    }

    /// OpenSSL reads.
    func readWire(into target: UnsafeMutablePointer<CChar>, atMost limit: Int) -> Int {
        let count = min(limit, input.count)
        guard count > 0, let start = input.baseAddress else { return 0 }
        UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: count)
        input = UnsafeBufferPointer(rebasing: input[count...])
        return count
    }

    /// OpenSSL writes.
    func writeWire(_ source: UnsafePointer<CChar>, _ count: Int) {
        source.withMemoryRebound(to: UInt8.self, capacity: count) {
            wire.append(copying: Span(_unsafeStart: $0, count: count))
        }
    }
}
