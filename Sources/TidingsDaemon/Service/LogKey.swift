import Logging

/// The metadata keys for the variable parts of log lines, so that these can be searched and counted.
package enum LogKey {
    package static let address = "address"
    package static let source = "source"
    package static let hub = "hub"
    package static let path = "path"
    package static let reason = "reason"
    package static let count = "count"
    package static let pid = "pid"
    package static let state = "state"
}
