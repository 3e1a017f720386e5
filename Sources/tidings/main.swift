import TidingsDaemon

// The daemon blocks signals before anything can start a thread. Threads inherit the mask, and a signal that comes while one of them
// has it unblocked, and before there is a handler, would end the process.
if CommandLine.arguments.dropFirst().first == "run" { blockSignals() } else { admitSignals() }
runCommandLine()
