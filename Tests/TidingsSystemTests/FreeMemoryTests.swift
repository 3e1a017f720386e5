import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import TidingsSystem

/// Whether memory is being returned, and how often a library was loaded meanwhile.
private let isReturning = Atomic(true)
private let loads = Atomic(0)
private let enoughLoads = isLongRun ? 5_000 : 1_000

@Suite("Memory that nobody needs")
struct FreeMemoryTests {
    @Test("code that ran once is not resident any more, and runs again")
    func code() throws {
        // Foundation's calendars run much code that nothing else here does.
        let dates = (1...50).map { Calendar(identifier: .hebrew).dateComponents([.year, .month], from: Date(timeIntervalSince1970: Double($0) * 1e7)) }
        let before = try residentFilePages()
        returnFreeMemory()
        let after = try residentFilePages()
        #expect(after < before / 2, "\(before) pages of files before, \(after) after")
        #expect(dates == (1...50).map { Calendar(identifier: .hebrew).dateComponents([.year, .month], from: Date(timeIntervalSince1970: Double($0) * 1e7)) })
    }

    @Test("a library that another thread is loading keeps its relocations")
    func loading() async {
        // In a process of its own: one that has lost them ends by a signal.
        await #expect(processExitsWith: .success) {
            let loader = try SystemThread(name: "loader") {
                // Libraries that nothing here uses, of several sizes: where one had its code, the next one may have its data.
                let names = ["libnss_hesiod.so.2", "libnss_compat.so.2", "libBrokenLocale.so.1", "libthread_db.so.1"]
                while isReturning.load(ordering: .relaxed), let library = unsafe dlopen(names.randomElement() ?? "", RTLD_LAZY) {
                    unsafe dlclose(library)
                    loads.add(1, ordering: .relaxed)
                }
            }
            var rounds = 0
            while loads.load(ordering: .relaxed) < enoughLoads, rounds < 50_000 {
                returnFreeMemory()
                rounds += 1
            }
            isReturning.store(false, ordering: .relaxed)
            loader.join()
            #expect(loads.load(ordering: .relaxed) >= enoughLoads)
        }
    }

    /// "RssFile: Size of resident file mappings" in kB (proc_pid_status(5)).
    private func residentFilePages() throws -> Int {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
}
