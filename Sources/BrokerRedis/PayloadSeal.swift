import Digest

/// Puts content into payloads that only the holders of the cluster's key can make.
///
/// A payload: format byte, the sending instance in eight bytes, the first 16 bytes of an HMAC-SHA256, the
/// content. The code covers the channel's name behind its length, the format byte, the instance and the
/// content: what was said in one room cannot be put into another. It does not keep a payload from being sent
/// twice; offsets and numbers do.
package struct PayloadSeal {
    /// What this version writes.
    static let format: UInt8 = 1
    /// What stands before the content.
    package static let headBytes = 1 + 8 + codeBytes
    /// What a reader of another instance takes, the frame of Redis's own reply included, is 16 MiB.
    static let byteLimit = 15 << 20
    private static let codeBytes = 16
    private static let codeStart = 9

    /// What a payload is found to be.
    package enum Verdict: Equatable {
        /// Another instance's; the content begins behind the head.
        case genuine
        /// Our own instance's, as it says itself: nobody's loss if that is not true.
        case echo
        /// Another version's.
        case unknownFormat
        /// Nobody's who has the key.
        case forged
    }

    private let instance: UInt64
    private let authenticator: MessageAuthenticator

    /// The seal of that instance under the cluster's key.
    package init(instance: UInt64, key: [UInt8]) {
        self.instance = instance
        authenticator = MessageAuthenticator(key: key)
    }

    /// A payload for `channel` whose content `write` appends.
    package func seal(for channel: [UInt8], _ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var payload: [UInt8] = [Self.format]
        payload.reserveCapacity(512)
        for shift in stride(from: 56, through: 0, by: -8) {
            payload.append(UInt8(truncatingIfNeeded: instance >> UInt64(shift)))
        }
        payload.append(contentsOf: repeatElement(0, count: Self.codeBytes))
        write(&payload)
        let code = code(of: payload.span, on: channel)
        for index in 0..<Self.codeBytes { payload[Self.codeStart + index] = code[index] }
        return payload
    }

    /// What came on `channel`. An echo's code is not looked at.
    package func verdict(on payload: Span<UInt8>, from channel: [UInt8]) -> Verdict {
        guard !payload.isEmpty, payload[0] == Self.format else { return .unknownFormat }
        guard payload.count >= Self.headBytes else { return .forged }
        var sender: UInt64 = 0
        for index in 1...8 { sender = sender << 8 | UInt64(payload[index]) }
        if sender == instance { return .echo }
        return isGenuine(payload, from: channel) ? .genuine : .forged
    }

    /// Whether somebody with the key made this payload for this channel, our own instance or another.
    func isGenuine(_ payload: Span<UInt8>, from channel: [UInt8]) -> Bool {
        guard payload.count >= Self.headBytes, payload[0] == Self.format else { return false }
        let claimed = payload.extracting(Self.codeStart..<Self.headBytes)
        return isEqualInConstantTime(
            claimed, code(of: payload, on: channel).span.extracting(first: Self.codeBytes))
    }

    private func code(of payload: Span<UInt8>, on channel: [UInt8]) -> [UInt8] {
        let length = UInt32(channel.count)
        authenticator.add([UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)].span)
        authenticator.add(channel.span)
        authenticator.add(payload.extracting(first: Self.codeStart))
        authenticator.add(payload.extracting(droppingFirst: Self.headBytes))
        return authenticator.finish()
    }
}
