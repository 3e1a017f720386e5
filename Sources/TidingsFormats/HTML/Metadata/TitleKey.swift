/// A title or a name as it is compared: its letters and digits alone, in lowercase, and the words that they form.
///
/// Sites write one headline with other quotes, dashes and capitals in each place where they repeat it.
struct TitleKey: Equatable {
    /// Letters and digits, in UTF-8.
    let letters: [UInt8]
    let words: Set<String>
    /// Where in `letters` each word ends.
    let ends: [Int]

    init(_ text: String) {
        var letters: [UInt8] = []
        var words: Set<String> = []
        var ends: [Int] = []
        var word = ""
        for scalar in text.lowercased().unicodeScalars {
            // Marks belong to the letter before them.
            let properties = scalar.properties
            if properties.isAlphabetic || properties.numericType != nil || properties.canonicalCombiningClass != .notReordered {
                word.unicodeScalars.append(scalar)
            } else if !word.isEmpty {
                letters += Array(word.utf8)
                ends.append(letters.count)
                words.insert(word)
                word = ""
            }
        }
        letters += Array(word.utf8)
        if !word.isEmpty {
            ends.append(letters.count)
            words.insert(word)
        }
        self.letters = letters
        self.words = words
        self.ends = ends
    }

    var isEmpty: Bool { letters.isEmpty }

    static func == (left: TitleKey, right: TitleKey) -> Bool { left.letters == right.letters }

    func starts(with other: TitleKey) -> Bool { letters.starts(with: other.letters) }

    func ends(with other: TitleKey) -> Bool {
        letters.count >= other.letters.count && letters[(letters.count - other.letters.count)...].elementsEqual(other.letters)
    }

    /// How many words of the shorter one are in the other too, 0…1, and their number.
    func sharedWords(_ other: TitleKey) -> (share: Double, count: Int) {
        let count = words.intersection(other.words).count
        return (Double(count) / Double(max(1, min(words.count, other.words.count))), count)
    }
}
