import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct PlainTextMoreLayouts {
    @Test("what a page adds goes, and a text about such things stays", arguments: [
        Layout("a chat", """
            T|Transcript of the evening talk

            K|[19:02] ola: is the ferry running tonight?
            K|[19:03] lena: yes, but only until ten
            K|[19:03] ola: thank you, then I will come by bicycle and take the last one back.
            K|[19:05] lena: bring a lamp
            """),
        Layout("underlined headings", date: "2026-03-05", """
            T|HARBOUR COUNCIL BUYS WAREHOUSE
            X|==============================
            X|5 March 2026

            K|The harbour council will pay nine million for the cotton warehouse and turn it into a museum of the sea.

            K|THE ROOF
            X|--------

            K|The roof leaks, and the walls have to be dried for two winters.
            """),
        Layout("a blog’s", date: "2026-03-05", authors: "Ola Moe", """
            T|Why I keep bees on a roof

            X|Posted on March 5, 2026 by Ola Moe

            K|I keep three hives on the roof of a garage, where nobody sees them and nobody minds.

            K|In winter I only listen: a hive that hums is alive.

            X|Tags: bees, roofs, honey
            X|Leave a comment
            X|Previous post
            X|Next post
            """),
        Layout("two dates on a line", date: "2026-03-05", modified: "2026-03-06", """
            T|Why the lock was closed

            X|Published: 5 March 2026 | Updated: 6 March 2026

            K|The northern lock was closed on Thursday after a diver found a crack in one of its gates.

            K|It will stay closed until a new gate has been cast, which takes a year.
            """),
        Layout("invitations", """
            T|Why the lock was closed

            K|The northern lock was closed on Thursday after a diver found a crack in one of its gates.

            K|It will stay closed until a new gate has been cast, which takes a year.

            X|Sign up for our daily newsletter
            X|Follow us on Telegram and Instagram
            X|Subscribe to our channel on YouTube
            """),
        Layout("a text about invitations", """
            T|Sign up for our daily newsletter, they said

            K|Every site asks for an address before it shows a line of text. We counted the requests of one morning.

            K|Follow us on nothing

            K|Of forty sites, thirty-one showed a box, and nine of them showed it twice.
            """),
        Layout("addresses below paragraphs", """
            T|Four tools for people who count words

            K|We tried every tool on the same text. These four are worth your time.

            K|Wordy
            K|Counts words in any script and is done before you look up.
            K|https://wordy.example/

            K|Countess
            K|Counts letters too, and sings when it finds a palindrome.
            K|https://countess.example/

            K|Tally
            K|Needs a license for files of more than a megabyte.
            K|https://tally.example/
            """),
        Layout("a link line, and a reference", """
            T|Lighthouse keeper leaves after forty winters

            K|For forty winters the lamp on the northern spit was lit by one man, who kept a diary of every ship.

            X|READ ALSO: Museum of the sea moves into the cotton warehouse

            K|This week he closed the last of its volumes and handed the key to the harbour office.

            K|See also: the harbour rules of 1911, part four

            K|He plans to keep bees and to sleep.
            """),
        Layout("bars", authors: "Dana Omarova", """
            X|Home | News | Sport | Opinion | Contact

            T|Harbour council buys the old cotton warehouse

            X|Written by Dana Omarova

            K|The harbour council will pay nine million for the cotton warehouse and turn it into a museum of the sea.

            K|The roof leaks, and the walls have to be dried for two winters.

            X|About us | Contact | Advertise | Privacy policy
            """),
        Layout("dates as headings", """
            T|Diary of a lock

            K|The northern lock was built for timber rafts and has outlived the last of them by ninety years.

            K|5 March 2026

            K|A diver found a crack in one of the gates, and we sent the boats around.

            K|6 March 2026

            K|The crack is longer than the diver.
            """),
        Layout("a date that is not the article’s", """
            T|Concert in the cotton warehouse

            K|Date: 5 May 2026
            K|Place: cotton warehouse, gate three
            K|Tickets: at the harbour office

            K|The choir of the school sings songs about fog, and the audience is asked to bring chairs.
            """),
        Layout("an introduction above the byline", authors: "Lena Roth", """
            T|The bench by the lock

            K|Every week our columnist sits somewhere and writes down what she sees.

            X|By Lena Roth

            K|The bench by the lock has been painted green again, and nobody will admit to having done it.
            """),
        Layout("a footer", """
            T|Nobody needs a faster ferry

            K|Eighteen minutes are just long enough for a coffee and a look at the gulls, and that is what a crossing is for.

            X|Contact us
            X|Jobs
            X|Advertise
            X|Privacy Policy
            X|Cookie settings
            X|Copyright © 2026 Lock Gazette Ltd. All rights reserved.
            """),
        Layout("a refrain", """
            T|The keeper’s song

            K|He sang while he was cleaning the lamp, and the song had nine verses of which three are known.

            K|Row, row
            K|Read more of the sea
            K|Row, row

            K|The other six were lost with the diary of the year when the sea froze.
            """),
        Layout("an embargo", """
            X|PRESS RELEASE
            X|Embargoed until 6 March 2026, 00:01

            T|Library opens its cellar to readers

            K|The city library opens the oldest part of its cellar on Saturday, where maps have been kept since the great fire.

            X|- ENDS -
            """),
        Layout("hard-wrapped", date: "2026-03-05", authors: "Ola Moe", """
            T|The roof of the northern station

            X|By Ola Moe
            X|5 March 2026

            K|The northern station has lost its roof twice, once to a storm and once to
            +|a committee. The storm took the tin, which was found in a field of rye
            +|the next morning. The committee took the beams, which were found to be
            +|too old by men who had never looked at them.

            K|The third roof is made of glass. It shows the sky to those who wait, and
            +|to the sky it shows that nobody waits very long any more. Trains come as
            +|often as they did, but people arrive later, because their telephones say
            +|when it is time to leave the kitchen.
            """),
    ])
    func layouts(layout: Layout) throws { try layout.check() }

    @Test("the numbers that a text browser gives to links are no text, and those of footnotes are")
    func linkNumbers() {
        let list = (1...4).map { "   \($0). https://bees.example/\($0)" }.joined(separator: "\n")
        func read(_ text: String) -> Item? {
            readPlainText(Array(text.utf8), charset: "utf-8", hints: DocumentHints()).items.first
        }
        let page = read(
            """
               [1]Home [2]About

               Why I keep bees on a roof

               I keep three hives on a garage, where nobody sees them. The [3]law of
               our town says nothing about bees, and the neighbours say nothing either
               since the first jar of honey. A hive needs water, shade and a person who
               is not afraid of [4]ladders. All the rest the bees do, and they do it
               better when left alone for most of the week.

            References

            \(list)
            """)
        #expect(page?.title == "Why I keep bees on a roof")
        #expect(page?.text.hasPrefix("I keep three hives on a garage, where nobody sees them. The law of our town") == true)
        #expect(page?.text.hasSuffix("not afraid of ladders. All the rest the bees do, and they do it better when left alone for most of the week.") == true)

        let notes = "The shaft was measured by rope,[1] by sound,[2] by a laser [3] and by a stone [4].\n\nReferences\n\n\(list)\n"
        #expect(read(notes)?.text.contains("rope,[1] by sound") == true)
        #expect(read(notes)?.text.contains("https://bees.example/4") == true)
    }
}
