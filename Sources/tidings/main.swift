import Dispatch
import Glibc
import TidingsDaemon
blockSignals()
let once = CommandLine.arguments.contains("--once")
let config = CommandLine.arguments.firstIndex(of: "--config").map { CommandLine.arguments[$0 + 1] }
Task { exit(await runDaemon(settingsFile: config, once: once)) }
while true { DispatchSemaphore(value: 0).wait() }
