import TidingsDaemon

// A signal that arrives before somebody hears it must wait and not end the daemon; a thread that is started unblocked would
// take it. So this comes before anything that may start a thread.
if CommandLine.arguments.dropFirst().first == "run" { blockSignals() } else { admitSignals() }
runCommandLine()
