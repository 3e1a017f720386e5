// The articles of the site, in English. Each begins with a head; what follows is one block a line:
// `##` a heading, `>` a quotation, `-` an entry of a list, `|` a row of a table, `^` a caption, else a paragraph.

let siteTexts = [
    """
    en|harbour|Marta Oline|2026-03-02T07:30:00Z|Breakwater of Port Lune closes in spring
    The harbour of Port Lune will close its old breakwater in spring, the town council decided on Monday evening. Fishing boats are to use the north basin until the work is done.
    Engineers found cracks in eleven of the forty blocks, and divers reported that the sea floor beside them has sunk by 1.4 metres since the last survey in 2019.
    > “We waited too long,” said the harbour master, Ines Calder, who has asked for the repair since the great storm.
    ^ The breakwater at low tide, seen from the lighthouse.
    ## What is going to be done
    The work takes two years and costs 9.5 million, of which the region pays two thirds. A crane that stands on four legs in the water lifts the blocks one after the other.
    - In April the road to the breakwater is closed.
    - In June the first 12 blocks are lifted.
    - In October the crane leaves before the winter storms.
    Residents fear for the summer market, which has stood on the breakwater every August for more than a century. The council promised them the square in front of the station.
    Of the 31 members of the council, 22 voted for the repair and 6 against it. Three had left the hall before the vote because the last train would not have waited for them.
    """,
    """
    en|economy|Piet Verhoeven|2026-03-03T09:00:00Z|Grain exports fall for a third month
    Exports of grain fell in February for the third month in a row, the office of statistics said on Tuesday. Traders blame the river, which carries too little water for full barges.
    Some 3.2 million tonnes left the country, 8.4 percent less than a year before. Wheat fell the most, while barley stood where it was.
    | Crop | February 2025 | February 2026
    | Wheat | 2.1 | 1.8
    | Barley | 0.9 | 0.9
    | Maize | 0.5 | 0.5
    > “A barge that could take 1,800 tonnes leaves with 700,” said Karin Holt of the association of skippers.
    The price in the port rose by 4.5 crowns to 212 crowns a tonne. Bakers said that bread would not become dearer before summer, since their flour was bought last year.
    Rain is expected in the mountains next week. It takes the water nine days to reach the locks, so that nobody counts on deeper barges before the middle of the month.
    The ministry wants to dredge two shallow places near the mouth. It asked for bids in January; not one shipyard has answered so far.
    """,
    """
    en|science|Jana Orlik|2026-03-03T12:15:00Z|A beetle that counts to four
    A beetle of the size of a grain of rice can tell four seeds from three, biologists at the institute for small animals report. It is the smallest animal that is known to count.
    The beetles live on the seeds of a thistle and lay one egg into each. A female that finds a head with four seeds stays; with three she walks on.
    In 560 trials the beetles chose the head with four seeds in 71.5 percent of the cases, whatever the size and the smell of the seeds.
    ## How the trial was made
    The seeds were made of wax, so that neither smell nor weight could help. Between two trials the table was washed with alcohol and turned by a quarter.
    > “We expected them to measure the whole surface,” said Tomas Ek, who built the table, “but they really look at each seed in turn.”
    What happens with five seeds is not clear. The thistle never has more than four, and in the trial the beetles walked away from five as if there were none.
    The study appeared on Monday and was paid for by a foundation that a maker of sieves left behind. Its data are open to everyone.
    A second group in Brno could not repeat an older result with bees. Its head, Vera Lind, calls the new one careful and wants to see it with another species.
    """,
    """
    en|statement|Ministry of Inland Waters|2026-03-04T10:00:00Z|Statement on the locks of the Lower Arve
    The Ministry of Inland Waters has taken note of the reports about the locks of the Lower Arve. It states the following.
    The locks are safe. All 14 gates were inspected in the autumn of 2025, and none was found to move by more than 0.3 millimetres under full load.
    ## Measures
    - The lock at Sill is closed at night until 30 April.
    - The depth of the fairway is published each morning at 6.
    - Ships with a draught above 2.4 metres need a permit.
    ## Background
    The locks were built between 1931 and 1938. They carry 11 million tonnes a year, which is about a third more than they were planned for.
    A crack that a skipper filmed on 20 February is in the plaster of the wall of the control house. It had been there at the inspection and has not grown.
    The Ministry will inform the public again when the measurements of the spring flood are there, and no later than 1 June.
    """,
    """
    en|culture|Ada Brandt|2026-03-05T16:40:00Z|The last bell founder of the valley hands over his hammer
    When Josef Thaler casts a bell, nobody may speak. On Friday the founder, 78, broke the silence for the last time and gave his hammer to a woman who used to repair clocks.
    The foundry has poured bells since 1702. Its largest, with 6.8 tonnes, hangs in a cathedral that stands in another country today.
    > “You hear a mistake for three hundred years,” Thaler said. “That teaches you to wait.”
    Lena Moser came for a week nine years ago, because a clock had no sound, and stayed. She has cast 41 bells with him, of which two cracked.
    ^ Lena Moser at the furnace, which burns beech wood.
    The furnace takes eleven hours to melt copper and tin. Nobody measures its heat; the founder throws in a splinter of willow and looks at how fast it burns.
    Orders have come from far away since a film about the foundry was shown. The list is 26 bells long, and the next free day is in 2028.
    The town wanted to make the house a museum. Thaler refused: a museum, he said, is where things are that nobody needs.
    Moser has ordered a thermometer. She wants to know, she says, how hot a splinter of willow is.
    """,
    """
    en|sport|Owen Pryce|2026-03-07T21:05:00Z|Rowers of Havel win the long race by a second
    After 96 kilometres and more than seven hours the eight of Havel won the long race on Saturday by 1.2 seconds. No race on the river has ever ended closer.
    The eight of Dorn had led for most of the way. At the last bridge it took the left arch, where the stream is weaker, and lost two lengths.
    > “We saw them going left and could not believe it,” said Mira Sand, the cox of the winners.
    | Place | Club | Time
    | 1 | Havel | 7:04:11
    | 2 | Dorn | 7:04:12
    | 3 | Upper Lake | 7:09:50
    Of 34 boats 29 reached the finish. One was hit by a swan, as the protocol says, and gave up with a broken rudder.
    The water was 4.5 degrees cold. Two rowers were taken to hospital for a night and are well.
    Next year the race starts an hour earlier, because the organisers want to spare the rowers the wind of the afternoon.
    """,
    """
    en|technology|Noor Haddad|2026-03-08T08:20:00Z|Why the night train is late: a timetable from 1988
    The night train between the two capitals is late on two days out of three. An engineer of the railway has found out why, and the answer is older than the train.
    Its timetable was made in 1988, when the locomotives were changed at the border. The change took 22 minutes. Today nothing is changed, yet the train still waits.
    Behind it a freight train is planned that is faster. It may overtake only in the station, so that the night train must arrive there before 2:40 in the morning.
    ## A rule that nobody dared to delete
    The program that makes the plan has about 90,000 rules. One of them says that a train with sleeping cars stands at the border for at least 20 minutes.
    > “I asked everyone what it was good for,” said the engineer, Radek Novy. “Each one sent me to the next.”
    He deleted the rule in a copy of the plan. In the copy the train is 0.5 minutes early on average; no other train becomes late.
    - The rule was written on 3 May 1988.
    - It has been copied into five programs since.
    - Its author became a beekeeper in 1994.
    The railway will try the new plan in June. Until then the passengers may go on sleeping at the border for 20 minutes without knowing it.
    """,
]
