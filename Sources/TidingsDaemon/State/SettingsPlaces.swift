import Glibc
import TidingsSystem

/// What the present user cannot use of the files and folders that settings name. The settings themselves are right all the same: a
/// folder may be mounted later, and the daemon may be another user.
package struct PlaceProblem: Equatable, Sendable {
    /// The name of the source; nil for the state folder, and for what all feeds use.
    package let source: String?
    package let path: String
    /// What is wrong, and the next step.
    package let message: String
}

extension Settings {
    /// In the order: state, folders, proxies, feeds.
    /// - Parameter environment: gives `$CREDENTIALS_DIRECTORY`. Credentials (`%d/NAME`) are not looked for without it.
    package func placeProblems(environment: [String: String]) -> [PlaceProblem] {
        var problems: [PlaceProblem] = []
        func look(_ source: String?, _ path: String, as kind: FileKind, mode: Int32, _ nextStep: String) {
            guard let message = fault(of: path, as: kind, mode: mode) else { return }
            problems.append(PlaceProblem(source: source, path: path, message: "\(message); \(nextStep)"))
        }
        // A missing one is made at the first start.
        if !isMissing(stateFolder) {
            look(nil, stateFolder, as: .folder, mode: R_OK | X_OK, "become the daemon's user, or a member of its group")
        }
        for folder in folders where folder.isEnabled {
            look(folder.name, folder.path, as: .folder, mode: R_OK | X_OK, "make or mount it, and let the daemon's user read it")
        }
        if let file = fetch.caFile { look(nil, file, as: .file, mode: R_OK, "write 'ca_file' as it is, or leave it out") }
        let proxies: [(String?, ProxySettings?)] =
            [(nil, fetch.proxy)] + feeds.map { ($0.name, $0.proxy) } + pages.map { ($0.name, $0.proxy) }
        for (source, proxy) in proxies {
            guard case .server(_, let file?) = proxy, !file.hasPrefix("%d/") else { continue }
            look(source, file, as: .file, mode: R_OK, "write 'user:password' into it, for the daemon's user")
        }
        for feed in feeds where feed.isEnabled {
            guard let file = feed.headersFile, environment["CREDENTIALS_DIRECTORY"] != nil || !file.hasPrefix("%d/") else { continue }
            do throws(HeadersError) {
                _ = try RequestHeaders(file: file, environment: environment)
            } catch {
                problems.append(PlaceProblem(source: feed.name, path: error.file, message: error.message))
            }
        }
        return problems
    }

    private func isMissing(_ path: String) -> Bool {
        do throws(SystemError) { return try FileStatus.ifExists(path: path) == nil } catch { return false }
    }

    private func fault(of path: String, as kind: FileKind, mode: Int32) -> String? {
        let status: FileStatus
        do throws(SystemError) {
            status = try FileStatus(path: path)
        } catch {
            return error.code == ENOENT || error.code == ENOTDIR ? "is missing" : error.message
        }
        if status.kind != kind { return kind == .folder ? "is no folder" : "is no file" }
        return unsafe access(path, mode) == 0 ? nil : "this user may not read it"
    }
}
