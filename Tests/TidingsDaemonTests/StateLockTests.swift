import Foundation
import Testing

@testable import TidingsDaemon

@Test func stateFolderIsMadeWithItsModes() throws {
    try withTemporaryFolder { folder in
        let state = StateFolder(path: folder + "/deep/state")
        try state.prepare()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: state.databaseFolder)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: state.streamFolder)
        try state.prepare()
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(state.path) == 0o750)
        #expect(try mode(state.databaseFolder) == 0o700, "nobody else looks into the database")
        #expect(try mode(state.streamFolder) == 0o755, "the operator opened it")
    }
}

@Test func stateFolderThatIsAFileIsRefusedInWords() throws {
    try withTemporaryFolder { folder in
        try Data().write(to: URL(fileURLWithPath: folder + "/state"))
        let error = #expect(throws: StateFolderError.self) { try StateFolder(path: folder + "/state").prepare() }
        #expect(error?.reason == .notAFolder)
        #expect(
            error?.description
                == "cannot use the state folder \(folder)/state: Not a directory; move away what has its name")
    }
}

@Test func secondDaemonLearnsThePidOfTheFirst() throws {
    try withTemporaryFolder { folder in
        let state = StateFolder(path: folder + "/state")
        try state.prepare()
        try holdLock(of: state) {
            let error = #expect(throws: StateLockError.self) { _ = try StateLock(state) }
            #expect(error == .held(path: state.path, pid: getpid()))
            #expect(
                error?.description == """
                    another daemon, pid \(getpid()), runs on the state folder \(state.path); stop it first, or name \
                    another folder with 'state:'
                    """)
            #expect(StateLock.holder(of: state) == getpid())
        }
        #expect(StateLock.holder(of: state) == nil)
        try holdLock(of: state) {}
    }
}

/// A killed process leaves its pid behind and no lock: `flock` is a process of its own that locks the same folder.
@Test(.timeLimit(.minutes(1))) func lockOfAnotherProcessEndsWithIt() throws {
    try withTemporaryFolder { folder in
        let state = StateFolder(path: folder + "/state")
        try state.prepare()
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        // `-o` keeps the descriptor from the command, so that only `flock` itself holds the lock.
        other.arguments = ["-o", state.databaseFolder, "sh", "-c", "echo locked; exec cat"]
        let input = Pipe()
        let output = Pipe()
        other.standardInput = input
        other.standardOutput = output
        try other.run()
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        try Data("\(other.processIdentifier)\n".utf8).write(to: URL(fileURLWithPath: state.databaseFolder + "/tidings.pid"))

        let error = #expect(throws: StateLockError.self) { _ = try StateLock(state) }
        #expect(error == .held(path: state.path, pid: other.processIdentifier))
        kill(other.processIdentifier, SIGKILL)
        // `cat` has outlived its parent, and Process waits for all that inherited from it.
        try input.fileHandleForWriting.close()
        other.waitUntilExit()
        try holdLock(of: state) { #expect(StateLock.holder(of: state) == getpid()) }
    }
}

@Test func lockHoldsAlthoughThePidFileIsDeleted() throws {
    try withTemporaryFolder { folder in
        let state = StateFolder(path: folder + "/state")
        try state.prepare()
        try holdLock(of: state) {
            try FileManager.default.removeItem(atPath: state.databaseFolder + "/tidings.pid")
            let error = #expect(throws: StateLockError.self) { _ = try StateLock(state) }
            #expect(error == .held(path: state.path, pid: nil))
        }
    }
}

private func holdLock(of state: StateFolder, _ body: () throws -> Void) throws {
    let lock = try StateLock(state)
    try body()
    // Said, so that the lock is not let go of before `body` is done.
    _ = consume lock
}
