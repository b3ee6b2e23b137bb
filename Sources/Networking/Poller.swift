internal import CLinux
import Glibc

/// What happened to a descriptor, or what is asked about it.
package struct Readiness: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    package let rawValue: UInt32
    /// From the kernel's bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Bytes, a connection, or the end can be read.
    package static let readable = Readiness(rawValue: LINUX_EPOLLIN)
    /// Bytes can be written.
    package static let writable = Readiness(rawValue: LINUX_EPOLLOUT)
    /// The peer ended its half.
    package static let peerEnded = Readiness(rawValue: LINUX_EPOLLRDHUP)
    /// The descriptor has an error; reported unasked.
    package static let failed = Readiness(rawValue: LINUX_EPOLLERR)
    /// Both halves have ended; reported unasked.
    package static let hungUp = Readiness(rawValue: LINUX_EPOLLHUP)
}

/// Is told when its descriptor is ready.
package protocol ReadinessHandler: AnyObject {
    /// Level-triggered: comes again in the next turn for what is left unread.
    func ready(_ readiness: Readiness)
}

/// A descriptor under a poller's watch. Worthless, and harmless, once removed.
package struct Registration: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32

    /// Belongs to no descriptor.
    static let none = Registration(slot: .max, generation: .max)

    /// What epoll carries for us: both numbers, so that an event of an earlier owner of the slot is
    /// recognised.
    var userData: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

/// Asks epoll which descriptors are ready, and tells their handlers.
final class Poller {
    private struct Slot {
        var handler: (any ReadinessHandler)?
        var generation: UInt32 = 0
    }

    private static let eventsPerWait = 256
    private let epoll: Descriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    /// Events for a descriptor that was removed earlier in the same turn.
    private(set) var staleEvents = 0

    init() throws(SystemError) {
        epoll = Descriptor(try checkedCall("epoll_create1") { epoll_create1(LINUX_EPOLL_CLOEXEC) })
        events = .allocate(capacity: Self.eventsPerWait)
    }

    deinit { events.deallocate() }

    /// How many descriptors are watched.
    var count: Int { slots.count - freeSlots.count }

    /// Watches `descriptor`, and keeps `handler` alive until it is removed.
    func add(
        _ descriptor: Int32, for interest: Readiness, handler: any ReadinessHandler
    ) throws(SystemError) -> Registration {
        if freeSlots.isEmpty {
            freeSlots.append(UInt32(slots.count))
            slots.append(Slot())
        }
        let slot = freeSlots[freeSlots.count - 1]
        let registration = Registration(slot: slot, generation: slots[Int(slot)].generation)
        try control(EPOLL_CTL_ADD, descriptor, interest, registration)
        freeSlots.removeLast()
        slots[Int(slot)].handler = handler
        return registration
    }

    /// Asks for other events of a watched descriptor.
    func change(_ registration: Registration, _ descriptor: Int32, to interest: Readiness) throws(SystemError)
    {
        guard isCurrent(registration) else { return }
        try control(EPOLL_CTL_MOD, descriptor, interest, registration)
    }

    /// Watches no longer. Events that the kernel has already handed over are dropped.
    func remove(_ registration: Registration, _ descriptor: Int32) {
        guard isCurrent(registration) else { return }
        // Fails only for a descriptor closed before, and then epoll has forgotten it already.
        var event = epoll_event()
        _ = epoll_ctl(epoll.number, EPOLL_CTL_DEL, descriptor, &event)
        slots[Int(registration.slot)].handler = nil
        slots[Int(registration.slot)].generation &+= 1
        freeSlots.append(registration.slot)
    }

    /// Lets go of every handler.
    func removeAll() {
        for index in slots.indices where slots[index].handler != nil {
            slots[index].generation &+= 1
            freeSlots.append(UInt32(index))
            slots[index].handler = nil
        }
    }

    /// Sleeps until something is ready, for at most `milliseconds` (-1: for ever); says how many events came.
    func wait(milliseconds: Int32) throws(SystemError) -> Int {
        let count = epoll_wait(epoll.number, events, Int32(Self.eventsPerWait), milliseconds)
        if count >= 0 { return Int(count) }
        // A signal ends the sleep like an event would: deadlines are looked at again.
        guard errno == EINTR else { throw SystemError("epoll_wait", errno) }
        return 0
    }

    /// Tells the handlers of the first `count` events.
    func dispatch(_ count: Int) {
        for index in 0..<count {
            let event = events[index]
            let slot = Int(UInt32(truncatingIfNeeded: event.data.u64))
            guard slots[slot].generation == UInt32(event.data.u64 >> 32), let handler = slots[slot].handler
            else {
                staleEvents += 1
                continue
            }
            handler.ready(Readiness(rawValue: event.events))
        }
    }

    private func isCurrent(_ registration: Registration) -> Bool {
        registration.slot < UInt32(slots.count)
            && slots[Int(registration.slot)].generation == registration.generation
            && slots[Int(registration.slot)].handler != nil
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, _ interest: Readiness, _ registration: Registration
    ) throws(SystemError) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = registration.userData
        try checkedCall("epoll_ctl") { epoll_ctl(epoll.number, operation, descriptor, &event) }
    }
}
