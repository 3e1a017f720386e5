import ServiceLifecycle

/// Carries out the requests of commands, and replies with the results.
struct ControlService: Service {
    let server: ControlServer
    let daemon: Daemon

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await server.run { request, progress in await answer(request, progress) }
        }
    }

    private func answer(
        _ request: ControlRequest, _ progress: @escaping @Sendable (String) -> Void
    ) async -> ControlReply {
        switch request {
        case .reload: return await daemon.reload()
        case .rotate: return await daemon.rotate()
        case .health: return ControlReply(.done, daemon.trouble ?? "")
        case .reingest(let names, let acceptsRemovals):
            let known = await daemon.sourceNames
            if let unknown = names.first(where: { !known.contains($0) }) {
                let list = known.joined(separator: ", ")
                return ControlReply(.badRequest, "no source is named '\(unknown)'; the sources are: \(list)")
            }
            let results = await daemon.reingest(names, acceptsRemovals: acceptsRemovals) { name, result in
                progress("\(name): \(result.message)")
            }
            let failed = results.filter { !$0.result.isDone }
            if failed.isEmpty { return ControlReply(.done, "read again: \(results.map(\.name).joined(separator: ", "))") }
            return ControlReply(.failed, failed.map { "\($0.name): \($0.result.message)" }.joined(separator: "\n"))
        }
    }
}
