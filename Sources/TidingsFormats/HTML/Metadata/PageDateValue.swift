import TidingsCore

/// The date of a value that is there for programs: an attribute, a field of JSON-LD. An instant if the value has one and it
/// falls on the day that is written; else that day, because a conversion to UTC must not move an article to another day.
func pageDate(_ text: String, language: String?) -> ItemDate? {
    let bytes = Array(text.utf8)
    let value = String(decoding: bytes[trimmed(bytes, 0..<bytes.count)], as: UTF8.self)
    if value.utf8.allSatisfy(\.isASCIIDigit), value.utf8.count == 10 || value.utf8.count == 13 {
        return FeedDate.parse(value).flatMap(plausible)
    }
    let date = machineDate(value).flatMap(plausible)
    guard let day = WrittenDay.first(in: value, language: language).map({ ItemDate($0) }) else { return date }
    guard let date, !date.isDay, (0..<dayMilliseconds).contains(date.milliseconds - day.milliseconds) else { return day }
    return date
}

/// Nil for the values that programs write where they know no date: the year 1, the first second of 1970.
private func plausible(_ date: ItemDate) -> ItemDate? {
    let year1800: Int64 = -5_364_662_400_000
    return date.milliseconds < year1800 || date.milliseconds == 0 ? nil : date
}
