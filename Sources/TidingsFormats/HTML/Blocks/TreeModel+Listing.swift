extension TreeModel {
    static let listing = TreeModel(listingTable, PageText.contentFeatureNames)

    private static let listingTable: StaticString = """
        words
        =0
        """
}
