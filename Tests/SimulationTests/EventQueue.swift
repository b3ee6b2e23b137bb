import Time

/// What happens next: a binary heap by time, and by order of planning where times are equal.
struct EventQueue {
    private struct Event {
        let time: Instant
        let number: UInt64
        let action: () -> Void

        func precedes(_ other: Event) -> Bool {
            time != other.time ? time < other.time : number < other.number
        }
    }

    private var heap: [Event] = []
    private var planned: UInt64 = 0

    /// When the next event is due; nil when nothing is planned.
    var nextTime: Instant? { heap.first?.time }

    /// Plans an event.
    mutating func plan(at time: Instant, _ action: @escaping () -> Void) {
        planned += 1
        heap.append(Event(time: time, number: planned, action: action))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest event off the queue.
    mutating func next() -> (time: Instant, number: UInt64, action: () -> Void)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.time, first.number, first.action)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
