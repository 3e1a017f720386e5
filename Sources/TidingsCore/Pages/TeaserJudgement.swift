extension Item {
    /// Whether a feed's item is a teaser: it makes one want to read the article, and is not the article. A title without a text is
    /// one, and so is what is short, or what is cut off and not very long.
    ///
    /// Nothing is said about items whose text was not derived (`isTextDerived`). One item may well be judged wrongly: short news are
    /// whole, and some leads are long. `TeaserMemory` judges a feed.
    package var isTeaser: Bool {
        let weight = text.unicodeScalars.reduce(0) { $0 + ($1.isOfDenseScript ? TeaserLimits.denseWeight : 1) }
        return weight < (isCutOff ? TeaserLimits.cutOffCharacters : TeaserLimits.shortCharacters)
    }
}

/// In real feeds few texts of 500 characters or more are teasers, unless they end with an ellipsis or with "read more". Of those that
/// do, the long ones are articles that end so by themselves, or with a link to where they first stood.
enum TeaserLimits {
    static let shortCharacters = 500
    static let cutOffCharacters = 2500
    /// How many letters of an alphabet a sign of Chinese, Japanese or Korean stands for.
    static let denseWeight = 3
}

extension Unicode.Scalar {
    /// Chinese, Japanese and Korean.
    fileprivate var isOfDenseScript: Bool {
        (0x2E80...0xA4CF).contains(value) || (0xAC00...0xFAFF).contains(value) || (0x20000...0x3FFFF).contains(value)
    }
}
