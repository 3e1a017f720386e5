/// Five documents in the shapes in which news is kept as text: what carries the article differs, and must not be taken for it.
enum Articles {
    static let all = [
        ("dateline.txt", dateline), ("byline.txt", byline), ("paragraphs.txt", paragraphs), ("scroll.txt", scroll),
        ("digest.txt", digest()),
    ]

    /// A dateline and no headline.
    static let dateline = """
         date 2026-04-02 SEMEY – A ferry of twelve meters went back into service on the Irtysh on Thursday, two years after the \
        ice had taken the old landing stage away.

        The boat carries six cars and forty people, and crosses the river in eleven minutes. The city paid 210 million tenge \
        for it and for a stage that floats.

        “In the winter of 2024 we walked, and in summer we drove round by the bridge, which is 38 kilometers,” said Bolat \
        Kenzhebekov, who keeps bees on the other side.

        Tickets cost 150 tenge. Pupils travel free of charge on school days, and the mayor's office promised that it would stay so.
        """

    /// Section, headline, byline, rights, headline again.
    static let byline = """
        Culture

        Puppet Theater of Kokand Takes Its Oldest Play Back to the Villages

        By Nodira Saidova,Pavel Linhart

        Copyright ferganapost

        Puppet Theater of Kokand Takes Its Oldest Play Back to the Villages

        KOKAND – The puppet theater of Kokand will show its oldest play in thirty villages of the valley from May on, the director \
        said on Monday, for the first time since 1988.

        The figures were carved anew by two students of the art school, after photographs and after one head that a family had \
        kept in a chest. Nobody knew any longer what colour the coat of the judge had been.

        “My grandfather laughed about the judge, so that he must have been green,” said carver Ulugbek Tursunov.

        The performances cost nothing. Whoever comes is asked to bring a chair.
        """

    /// Each line is a paragraph.
    static let paragraphs = """
        Visszatértek a vidrák a Rába egyik holtágába, ahol fél évszázada nem látták őket.
        A nemzeti park munkatársai három éjszakán át figyelték a partot, és egy hőkamerával két kifejlett állatot meg egy kölyköt \
        vettek fel.
        „Először azt hittük, hogy a kutyák jöttek utánunk” – mondta Szalay Ágnes, a park biológusa, aki tíz éve járja a környéket.
        A holtágat 2019-ben kotorták ki, azóta a vize tisztább, és a halak is visszatértek belőle a folyóba.
        A horgászok egyelőre nem örülnek, de az egyesület elnöke szerint a vidra csak a beteg halat fogja meg.
        """

    /// A headline, and what the page had at its end.
    static let scroll = """
        Salt works of Pavlodar sells its first crystals for kitchens

        The salt works on the lake northeast of Pavlodar has begun to sell coarse crystals for kitchens, its manager Dinara \
        Akhmetzhanova told journalists on Wednesday.

        Until now all of its salt went onto roads. The crystals are raked by hand in August, when the water of the lake turns pink, \
        and dried on linen for nine days.

        “It is the same lake and the same salt, and a price that is forty times higher,” she said.

        The first two tons were bought by restaurants in three cities.

        Scroll to Top
        """

    /// Six articles on one page, below a ticker of `rate` that is repeated and a counter of results.
    static func digest(rate: String = "0.01207", day: Int = 3, total: Int = 61) -> String {
        let ticker = (0..<5).map { _ in
            ["KGS/USD = \(rate) 0%", "KZT/USD = 0.00211 0.0\(day)%", "TJS/USD = 0.0\(day)733 -0.0\(day)%", "UZS/USD = 0.00009 0%"]
                .map { "  • \($0)" }.joined(separator: "\n")
        }
        let items = digestItems.map { "\($0.title)\n\n \($0.teaser)" }
        return ticker.joined(separator: "\n").dropFirst(2)
            + "\n\(day) April 2026\n\nViewing results 1 - 6 of \(total)\n\n" + items.joined(separator: "\n\n") + "\n"
    }

    static let digestItems = [
        (title: "The Last Lighthouse Keeper of the Caspian Teaches a Computer to Watch",
         teaser: """
            He has counted ships from the same window for thirty-one years, and keeps the numbers in school exercise books. Now a \
            camera stands next to the window, and a program that learns from him what is a ship and what is only a wave with \
            the sun on it. In the first week it found four hundred ships, of which eleven were there. The keeper corrects it every \
            evening, patiently, as he says, because it does not argue and because it will sit here when he has gone to...
            """),
        (title: "Apple Growers Near Almaty Graft Forgotten Trees Onto Young Roots",
         teaser: """
            Above the last gardens the forest begins, and in it stand trees whose apples nobody has picked for two generations. \
            Five growers cut twigs there in February, forty from each tree, and grafted them in a cellar by the light of their \
            telephones. Three out of four have grown. What the fruit will taste like they will know in five years at the \
            earliest, and they have begun to sell shares in a harvest which may well turn out to be sour, or as small as...
            """),
        (title: "A Bridge in Osh Is Painted by Those Who Cross It",
         teaser: """
            Every morning a pot of paint stands at the northern end, with six brushes and a sign that asks for one stroke from \
            everybody. The council wanted to save the wages of painters. What it got is a bridge that changes by the day, a \
            quarrel about green, and so many visitors that the baker at the corner has hired a second man. An engineer has \
            warned that paint weighs something too, and that after ten thousand strokes somebody would have to scrape the...
            """),
        (title: "Why the Radio of Khorog Reads Out the Water Level of Eleven Rivers",
         teaser: """
            It takes four minutes, comes after the news of six o'clock and is the most popular thing on the air. Shepherds listen \
            to it, drivers, and grandmothers who have not seen a river for years but grew up by one. The speaker reads without \
            haste: the name, the meters, and whether it rises or falls. When the station left it out for a week in order to make \
            room for music, it received more letters than in the whole of the year before, most of them about the...
            """),
        (title: "Students Map the Wells of the Kyzylkum With Kites and String",
         teaser: """
            Drones are not allowed so close to the border, but nobody has forbidden kites. Twelve students of geography from \
            Navoi let theirs rise with a camera on the line, at dawn, before the wind becomes too strong, and found eighty-three \
            wells, of which the maps know fifty. Some are dry, a few have been given lids and locks. They leave at each one a tin \
            with a pencil in it, so that whoever draws water can write down how deep the rope went, and whether...
            """),
        (title: "The Orchestra of Turkistan Rehearses in a Bus Depot Until Its Hall Is Dry",
         teaser: """
            Since the roof gave way in March there have been forty musicians and nineteen buses under one roof. The drivers have \
            learned not to start their engines during slow movements, and the second horn can by now tell from the sound which \
            clutch is worn. On Fridays there is a concert for whoever happens to wait. The conductor would like to keep the \
            depot, he says, at least for the works with much percussion in them, since its walls give back what...
            """),
    ]
}
