import Bytes
import Networking
import WebSocket

/// One publication goes to a thousand sockets' queues, by reference.
enum FanoutBench {
    /// Framed once, appended to 1,000 write queues; then they are emptied, as after a flush.
    static let fanout = Bench(name: "fanout", operations: 20) { operations in
        let body = Samples.body
        var queues = (0..<1_000).map { _ in WriteQueue() }
        var sum = 0
        for _ in 0..<operations {
            let frame = PreparedFrame(text: body.span)
            for index in queues.indices { queues[index].append(frame.bytes) }
            for index in queues.indices {
                sum &+= queues[index].byteCount
                queues[index].removeAll()
            }
        }
        return sum
    }
}
