extension TreeModel {
    static let documentation = TreeModel(documentationTable, PageText.contentFeatureNames)

    private static let documentationTable: StaticString = """
        words
        =0
        """
}
