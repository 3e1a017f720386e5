import TidingsCore

@testable import TidingsFormats

/// The first line is a Content-Type field.
func checkCharset(_ bytes: [UInt8]) {
    let (field, rest) = cut(bytes)
    let text = Charset.decode(rest, contentType: field)
    requireEqual(text, Charset.decode(rest, contentType: field), "the same bytes give the same text")
    requireEqual(Array(String(decoding: text.utf8, as: UTF8.self).utf8), text.utf8, "what was decoded is UTF-8")
    requireEqual(
        Charset.isUTF8(rest), Array(String(decoding: rest, as: UTF8.self).utf8) == rest, "what is UTF-8 need not be repaired")
    require(text.charset == text.charset.lowercased(), "a charset's name is in lowercase: \(text.charset)")
}

func checkDates(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let dates = [FeedDate.parse(text), machineDate(text)]
    for case let date? in dates {
        requireEqual(ItemDate(date.description), date, "a date is read back from its words")
        requireEqual(FeedDate.parse(date.description), date, "a date is read back as a feed's")
    }
    if let plain = FeedDate.parsePlain(text) {
        requireEqual(FeedDate.parseAny(text), plain, "both ways lead to the same date")
    }
}

/// The first line is a base.
func checkURLs(_ bytes: [UInt8]) {
    let (base, rest) = cut(bytes)
    let reference = String(decoding: rest, as: UTF8.self)
    for base in [base, "https://harbour.example/ships/list?page=2"] {
        let address = URI.resolve(reference, against: base)
        requireEqual(URI.resolve(address, against: base), address, "an address is resolved once")
    }
    if let canonical = CanonicalURL.of(reference) {
        requireEqual(CanonicalURL.of("https://" + canonical), canonical, "the canonical form is canonical")
    }
}

func checkFields(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let control = CacheControl(text)
    require(control.maxAgeSeconds ?? 0 >= 0, "an age is no less than zero")
    if let seconds = deltaSeconds(text.utf8) { require((0...1 << 31).contains(seconds), "delta-seconds have a limit") }
    if let date = httpDate(text) {
        require(ItemDate(rfc3339(milliseconds: date))?.milliseconds == date, "an HTTP-date is a date: \(date)")
    }
}

func checkSubscriptions(_ bytes: [UInt8]) {
    guard let list = try? readOPML(bytes) else { return }
    requireEqual(list, try? readOPML(bytes), "the same bytes give the same list")
    for subscription in list.subscriptions {
        require(!subscription.url.isEmpty, "a feed has an address")
        require(!subscription.tags.contains(""), "no tag is empty")
    }
    // What shares folders comes to stand together, and stays so.
    let written = writeOPML(list.subscriptions, title: "Feeds")
    guard let again = try? readOPML(written) else { fatalError("what was written is a list") }
    requireEqual(again.problems, [], "what was written has no problems")
    func key(_ subscription: Subscription) -> [String] { [subscription.url] + subscription.tags }
    requireEqual(
        Set(again.subscriptions.map(key)), Set(list.subscriptions.map(key)), "what was written is read back")
}
