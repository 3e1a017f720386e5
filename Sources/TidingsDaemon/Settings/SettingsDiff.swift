/// The steps of a reload from one set of settings to another. Two sources are the same if kind and name are equal.
package struct SettingsDiff: Equatable, Sendable {
    package struct Changes<Source: Equatable & Sendable>: Equatable, Sendable {
        /// New or enabled again: to be started.
        package var added: [Source] = []
        /// Removed or disabled: to be stopped.
        package var removed: [Source] = []
        /// The new settings of sources that were there before. History and validators stay.
        package var changed: [Source] = []

        package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
    }

    package var folders: Changes<FolderSettings>
    package var feeds: Changes<FeedSettings>
    package var pages: Changes<PageListSettings>
    /// Names of sources that are now disabled but still in the settings: paused, not unsubscribed.
    package var disabled: [String]
    /// Changed keys that need a restart: all keys outside of folders, feeds and pages.
    package var needsRestart: [String]

    package init(from old: Settings, to new: Settings) {
        folders = Changes(old.folders, new.folders, name: \.name, isEnabled: \.isEnabled)
        feeds = Changes(old.feeds, new.feeds, name: \.name, isEnabled: \.isEnabled)
        pages = Changes(old.pages, new.pages, name: \.name, isEnabled: \.isEnabled)
        let off =
            new.folders.filter { !$0.isEnabled }.map(\.name) + new.feeds.filter { !$0.isEnabled }.map(\.name)
            + new.pages.filter { !$0.isEnabled }.map(\.name)
        let stopped = Set(folders.removed.map(\.name) + feeds.removed.map(\.name) + pages.removed.map(\.name))
        disabled = off.filter(stopped.contains)
        let common = [
            ("state", old.stateFolder == new.stateFolder), ("limits", old.limits == new.limits),
            ("stream", old.stream == new.stream), ("fetch", old.fetch == new.fetch),
            ("search", old.search == new.search), ("page_fetch", old.pageFetch == new.pageFetch),
            ("retention", old.retention == new.retention), ("http", old.http == new.http), ("log_level", old.logLevel == new.logLevel),
        ]
        needsRestart = common.filter { !$0.1 }.map(\.0)
    }

    package var isEmpty: Bool {
        folders.isEmpty && feeds.isEmpty && pages.isEmpty && needsRestart.isEmpty
    }
}

extension SettingsDiff.Changes {
    init(_ old: [Source], _ new: [Source], name: (Source) -> String, isEnabled: (Source) -> Bool) {
        let before = Dictionary(old.filter(isEnabled).map { (name($0), $0) }) { first, _ in first }
        let after = Dictionary(new.filter(isEnabled).map { (name($0), $0) }) { first, _ in first }
        removed = old.filter { isEnabled($0) && after[name($0)] == nil }
        for source in new where isEnabled(source) {
            guard let known = before[name(source)] else {
                added.append(source)
                continue
            }
            if known != source { changed.append(source) }
        }
    }
}
