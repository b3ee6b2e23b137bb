extension MetricsText {
    /// The process, by the names that all Prometheus clients use.
    mutating func add(_ process: ProcessFigures) {
        gauge("process_start_time_seconds", "When it started, since 1970.", process.startedAt)
        counter("process_cpu_seconds_total", "Time on a processor, user and system.", process.cpuSeconds)
        gauge("process_resident_memory_bytes", "Memory in RAM.", process.residentBytes)
        gauge("process_open_fds", "File descriptors open now.", process.openDescriptors)
    }
}
