import Glibc
import Networking
import Time

/// What the kernel says of this process, from `/proc/self`.
struct ProcessFigures: Sendable, Equatable {
    /// Seconds since 1970, to a hundredth or two.
    let startedAt: Double
    /// Seconds on a processor, user and system.
    let cpuSeconds: Double
    /// Bytes in RAM.
    let residentBytes: Int
    /// File descriptors that are open.
    let openDescriptors: Int

    /// Now; nil where `/proc` is not there.
    static func read() -> ProcessFigures? {
        guard let stat = file("/proc/self/stat"), let uptime = file("/proc/uptime") else { return nil }
        return ProcessFigures(
            stat: stat, uptime: uptime, wallSeconds: Double(Clock.moment.wall.milliseconds) / 1e3,
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageBytes: sysconf(Int32(_SC_PAGESIZE)),
            openDescriptors: openDescriptors())
    }

    /// From proc(5)'s texts of `stat` and `uptime`; nil where they are none.
    init?(
        stat: String, uptime: String, wallSeconds: Double, ticksPerSecond: Double, pageBytes: Int,
        openDescriptors: Int
    ) {
        // The name of the program stands in parentheses, and may hold blanks and parentheses itself.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        // From the third field on, which is the state.
        let fields = stat[end...].dropFirst().split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let start = Double(fields[19]), let pages = Int(fields[21]),
            let up = uptime.split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        cpuSeconds = (user + system) / ticksPerSecond
        startedAt = wallSeconds - (up - start / ticksPerSecond)
        residentBytes = pages * pageBytes
        self.openDescriptors = openDescriptors
    }

    private static func file(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// Kernels since 6.2 tell the number as the folder's size; older ones let it be counted.
    private static func openDescriptors() -> Int {
        var information = stat()
        if stat("/proc/self/fd", &information) == 0, information.st_size > 0 {
            return Int(information.st_size)
        }
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..`, and the folder's own descriptor.
        return max(0, count - 3)
    }
}
