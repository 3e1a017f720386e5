extension TreeModel {
    static let forum = TreeModel(forumTable, PageText.contentFeatureNames)

    private static let forumTable: StaticString = """
        words
        =0
        """
}
