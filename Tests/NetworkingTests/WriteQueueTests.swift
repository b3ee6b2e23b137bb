import Bytes
import CLinux
import Glibc
import Testing

@testable import Networking

@Suite("The queue of unwritten bytes")
struct WriteQueueTests {
    @Test("whatever the kernel takes at a time, the rest stays whole", arguments: 1...40)
    func everySplit(_ taken: Int) {
        var queue = mixed()
        var out: [UInt8] = []
        while !queue.isEmpty {
            let count = min(taken, queue.byteCount)
            out += gathered(queue).prefix(count)
            queue.removeFirst(count)
        }
        #expect(out == expected)
        #expect(queue.ownsNothing)
    }

    @Test("what is appended after a partial write stands behind the rest", arguments: 0...22)
    func appendsBehindPartial(_ taken: Int) {
        var queue = mixed()
        queue.removeFirst(taken)
        queue.append(copying: [100].span)
        queue.append(SharedBytes([101]))
        queue.append(copying: [102].span)
        #expect(gathered(queue) == [UInt8](expected.dropFirst(taken)) + [100, 101, 102])
        #expect(queue.byteCount == expected.count - taken + 3)
    }

    @Test("small copies that follow each other are one piece, shared bytes are pieces of their own")
    func coalesces() {
        var queue = WriteQueue()
        for _ in 0..<10 { queue.append(copying: [1, 2].span) }
        #expect(queue.withVectors { $0.count } == 1)
        let shared = SharedBytes([3])
        queue.append(shared)
        queue.append(shared)
        queue.append(copying: [4].span)
        #expect(queue.withVectors { $0.count } == 4)
        let address = shared.span.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress!) }
        #expect(queue.withVectors { UnsafeRawPointer($0[1].iov_base) } == address)
    }

    @Test("no more than 64 pieces are offered at once, and none is skipped")
    func boundsPieces() {
        var queue = WriteQueue()
        for index in 0..<100 { queue.append(SharedBytes([UInt8(index)])) }
        queue.append(copying: [100].span)
        #expect(gathered(queue) == [UInt8](0..<64))
        queue.removeFirst(64)
        #expect(gathered(queue) == [UInt8](64...100))
    }

    @Test("copies never empty for long are still given back once written")
    func givesBack() {
        var queue = WriteQueue()
        queue.append(copying: [UInt8](repeating: 0, count: 3000).span)
        for _ in 0..<1000 {
            queue.append(copying: [UInt8](repeating: 0, count: 3000).span)
            queue.removeFirst(3000)
        }
        #expect(queue.byteCount == 3000)
        #expect(queue.withVectors { $0.count } <= 2)
        queue.append(copying: [UInt8](repeating: 1, count: 10_000).span)
        queue.removeAll()
        #expect(queue.isEmpty && queue.ownsNothing)
    }

    @Test("nothing appended, or a start at the end, queues nothing")
    func ignoresNothing() {
        var queue = WriteQueue()
        queue.append(copying: [UInt8]().span)
        queue.append(SharedBytes([1]), from: 1)
        #expect(queue.isEmpty && queue.ownsNothing)
        #expect(queue.withVectors { $0.count } == 0)
    }

    @Test("what is moved leaves in order, and the rest stays whole", arguments: 1...23)
    func moves(_ limit: Int) {
        var queue = mixed()
        var out: [UInt8] = []
        while !queue.isEmpty {
            let waiting = queue.byteCount
            out += [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                count = queue.move(atMost: limit, to: buffer.baseAddress!)
            }
            #expect(queue.byteCount == waiting - min(limit, waiting))
        }
        #expect(out == expected && queue.ownsNothing)
    }

    @Test("a flush to a closed peer is an error and no signal")
    func brokenPipe() throws {
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        close(pair[1])
        var queue = WriteQueue()
        queue.append(copying: [1].span)
        let error = #expect(throws: SystemError.self) { _ = try queue.flush(to: pair[0]) }
        #expect(error?.code == EPIPE)
        close(pair[0])
    }

    private let expected = [UInt8](0..<22)

    private func mixed() -> WriteQueue {
        var queue = WriteQueue()
        queue.append(copying: expected.span.extracting(0..<3))
        queue.append(copying: expected.span.extracting(3..<4))
        queue.append(SharedBytes([200, 201] + expected[4..<11]), from: 2)
        queue.append(SharedBytes(expected.span.extracting(11..<12)))
        queue.append(copying: expected.span.extracting(12..<17))
        queue.append(SharedBytes(expected.span.extracting(17..<20)))
        queue.append(copying: expected.span.extracting(20..<22))
        return queue
    }

    private func gathered(_ queue: WriteQueue) -> [UInt8] {
        queue.withVectors { vectors in
            vectors.reduce(into: []) { out, vector in
                out += UnsafeRawBufferPointer(start: vector.iov_base, count: vector.iov_len)
            }
        }
    }
}
