extension TreeModel {
    static let article = TreeModel(articleTable, PageText.contentFeatureNames)

    private static let articleTable: StaticString = """
        words
        =0
        """
}
