/// Writes `subscriptions` as an OPML 2.0 document. Each tag becomes a folder, the first the outermost, because every
/// feed reader understands folders and any text can name one; `readOPML` returns the same tags. Subscriptions that
/// share folders are put together; otherwise the order stays.
package func writeOPML(_ subscriptions: [Subscription], title: String) -> [UInt8] {
    var root = OPMLFolder(name: "")
    for subscription in subscriptions { root.file(subscription, under: subscription.tags[...]) }
    var text = """
        <?xml version="1.0" encoding="UTF-8"?>
        <opml version="2.0">
          <head>
            <title>\(escaped(title))</title>
          </head>
          <body>

        """
    root.write(indentation: "    ", to: &text)
    text += "  </body>\n</opml>\n"
    return Array(text.utf8)
}

private struct OPMLFolder {
    let name: String
    private var subscriptions: [Subscription] = []
    private var folders: [OPMLFolder] = []
    private var positions: [String: Int] = [:]

    init(name: String) { self.name = name }

    mutating func file(_ subscription: Subscription, under path: ArraySlice<String>) {
        guard let name = path.first else { return subscriptions.append(subscription) }
        let position = positions[name] ?? folders.count
        if position == folders.count {
            positions[name] = position
            folders.append(OPMLFolder(name: name))
        }
        folders[position].file(subscription, under: path.dropFirst())
    }

    func write(indentation: String, to text: inout String) {
        for subscription in subscriptions {
            let title = escaped(subscription.title ?? subscription.url)
            text += "\(indentation)<outline text=\"\(title)\" title=\"\(title)\" type=\"rss\" xmlUrl=\"\(escaped(subscription.url))\""
            if let page = subscription.homePageURL { text += " htmlUrl=\"\(escaped(page))\"" }
            text += "/>\n"
        }
        for folder in folders {
            let name = escaped(folder.name)
            text += "\(indentation)<outline text=\"\(name)\" title=\"\(name)\">\n"
            folder.write(indentation: indentation + "  ", to: &text)
            text += "\(indentation)</outline>\n"
        }
    }
}

/// `text` for an attribute in double quotes. Characters that XML 1.0 forbids (§2.2) are left out. White space is
/// written as references, because XML readers otherwise turn it into plain spaces (§3.3.3).
private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x26: result += "&amp;"
        case 0x3C: result += "&lt;"
        case 0x3E: result += "&gt;"
        case 0x22: result += "&quot;"
        case 0x09, 0x0A, 0x0D: result += "&#\(scalar.value);"
        case 0..<0x20, 0xFFFE, 0xFFFF: break
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
