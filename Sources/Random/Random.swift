import Glibc

/// `count` bytes that nobody can guess, from the kernel.
package func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { output, written in
        while written < count {
            // getentropy(3) gives at most 256 bytes a call.
            let length = min(256, count - written)
            let result = getentropy(output.baseAddress! + written, length)
            precondition(result == 0, "the kernel has no randomness")
            written += length
        }
    }
}

/// 64 bits that nobody can guess.
package func randomUInt64() -> UInt64 {
    var value: UInt64 = 0
    precondition(getentropy(&value, 8) == 0, "the kernel has no randomness")
    return value
}

/// `length` characters out of `A-Z a-z 0-9 - _`, six bits of chance each: 22 of them are as good as a UUID.
package func randomIdentifier(length: Int) -> String {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    let bytes = randomBytes(length)
    return String(unsafeUninitializedCapacity: length) { output in
        // 64 characters, so that six bits of a byte choose one without a bias.
        for index in 0..<length { output[index] = alphabet.utf8Start[Int(bytes[index] & 63)] }
        return length
    }
}
