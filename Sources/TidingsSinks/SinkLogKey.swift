/// The metadata keys of the sinks' log lines.
enum SinkLogKey {
    static let sink = "sink"
    static let reason = "reason"
    static let count = "count"
    static let pause = "pause"
}
