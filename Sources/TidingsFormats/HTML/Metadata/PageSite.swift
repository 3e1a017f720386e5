import TidingsCore

/// The names of the site that a page belongs to, which stand in its titles and in place of its authors.
struct PageSite {
    private var names: [TitleKey] = []
    /// The label of the host that names the site: `harbour-post` in `www.harbour-post.co.uk`.
    private var label: TitleKey?
    private var host: TitleKey?

    init(names: [String], address: String?) {
        self.names = names.map { TitleKey($0) }.filter { !$0.isEmpty }
        guard let host = address.flatMap({ URI($0).hostAndPort })?.split(separator: ":").first else { return }
        var labels = host.split(separator: ".")
        if labels.first == "www" { labels.removeFirst() }
        self.host = TitleKey(labels.joined(separator: "."))
        // The last label is the country's or the kind's. A short one before it is a kind too: `co.uk`.
        if labels.count > 1 { labels.removeLast() }
        if labels.count > 1, let last = labels.last, last.utf8.count <= 3 { labels.removeLast() }
        label = labels.max { $0.utf8.count < $1.utf8.count }.map { TitleKey(String($0)) }
    }

    /// Whether an author's name is the site's. A host alone says little: sites of one person have the person's name.
    func isNamed(asAuthor name: String) -> Bool {
        let key = TitleKey(name)
        return names.contains(key) || (key == label || key == host) && !name.utf8.contains(0x20)
    }

    /// Whether `name` is the site's name and nothing else.
    func isNamed(_ name: TitleKey) -> Bool {
        guard !name.isEmpty else { return false }
        return names.contains(name) || name == label || name == host
    }

    /// Whether the last or the first part of a title says whose page it is: a name of the site, in full or as its host
    /// has it.
    func isNamed(inPart part: TitleKey) -> Bool {
        if isNamed(part) { return true }
        guard let label, part.words.count <= 5 else { return false }
        let (short, long) = part.letters.count < label.letters.count ? (part, label) : (label, part)
        guard short.letters.count >= 4, long.letters.count <= short.letters.count * 3 else { return false }
        return long.starts(with: short) || long.ends(with: short)
    }
}
