import Bytes
import Testing

@Suite("The queue of unused input")
struct ByteQueueTests {
    @Test("bytes come out in the order they went in, at every split of append and removal")
    func keepsOrder() {
        let message = [UInt8](0..<24)
        for appended in 1...message.count {
            for removed in 1...message.count {
                var queue = ByteQueue()
                var out: [UInt8] = []
                var next = 0
                while out.count < message.count {
                    let end = min(next + appended, message.count)
                    if next < end { queue.append(message.span.extracting(next..<end)) }
                    next = end
                    let length = min(removed, queue.count)
                    out.append(queue.span.extracting(first: length))
                    queue.removeFirst(length)
                }
                #expect(out == message)
                #expect(queue.isEmpty)
            }
        }
    }

    @Test("an empty queue owns no memory, whether new, consumed or cleared")
    func ownsNothingWhenEmpty() {
        var queue = ByteQueue()
        #expect(queue.capacity == 0)
        queue.append([UInt8](repeating: 1, count: 5000).span)
        #expect(queue.capacity >= 5000)
        queue.removeFirst(4999)
        #expect(queue.count == 1)
        queue.removeFirst(1)
        #expect(queue.capacity == 0)
        queue.append([1, 2, 3].span)
        queue.removeAll()
        #expect(queue.isEmpty && queue.capacity == 0)
    }

    @Test("a queue that never quite empties stays as small as what waits in it")
    func doesNotGrow() {
        var queue = ByteQueue()
        let chunk = [UInt8](repeating: 7, count: 100)
        queue.append(chunk.span)
        for _ in 0..<1000 {
            queue.append(chunk.span)
            queue.removeFirst(100)
        }
        #expect(queue.count == 100)
        #expect(queue.capacity < 2000)
    }

    @Test("room reserved for a message of known length is taken once")
    func reserves() {
        var queue = ByteQueue()
        queue.reserve(4000)
        let capacity = queue.capacity
        #expect(capacity >= 4000)
        for _ in 0..<40 { queue.append([UInt8](repeating: 0, count: 100).span) }
        #expect(queue.capacity == capacity)
    }
}
