// The articles of the site in other languages; of the form that `ArticleSiteTexts` describes.

let siteTextsOfOtherLanguages = [
    """
    de|verkehr|Jutta Kern|2026-03-04T05:50:00Z|Die Fähre nach Norderoog fährt wieder
    Nach 17 Tagen Pause fährt die Fähre nach Norderoog seit Mittwoch wieder. Ein Bagger hat die Rinne freigelegt, die der Sturm im Februar zugeschüttet hatte.
    Die Insel war in dieser Zeit nur aus der Luft zu erreichen. Ein Hubschrauber brachte Brot, Milch und einmal auch einen Tierarzt, der sonst zu Fuß durch das Watt kommt.
    > „Wir haben gemerkt, wie still es ohne Gäste ist“, sagte die Bürgermeisterin Frauke Jensen. „Manche wollten, dass es so bleibt.“
    Der Bagger holte 12.500 Kubikmeter Sand aus der Rinne, die nun wieder 2,5 Meter tief ist. Der Sand liegt jetzt vor dem Südstrand, wo er seit Jahren fehlt.
    - Die Fähre fährt bis Ostern dreimal am Tag.
    - Die letzte Fahrt beginnt um 18 Uhr.
    - Autos bleiben auf dem Festland.
    Was die Arbeit gekostet hat, will das Amt erst im Mai sagen. Im vergangenen Jahr waren es für eine kürzere Strecke 1,8 Millionen gewesen.
    Fachleute rechnen damit, dass die Rinne in vier Jahren wieder zuwächst. Eine Brücke, wie sie 1974 geplant war, gilt auf der Insel als das größere Übel.
    """,
    """
    fr|environnement|Solène Marchand|2026-03-05T06:10:00Z|Le lac de Brenne retrouve ses oiseaux
    Pour la première fois depuis 1996, plus de mille grues ont passé l’hiver au bord du lac de Brenne. Les gardes du parc en ont compté 1 240 le dernier dimanche de février.
    Le niveau de l’eau avait été relevé de 1,5 mètre il y a trois ans, contre l’avis des pêcheurs. Depuis, les roseaux couvrent de nouveau la rive du nord.
    > « Nous pensions attendre vingt ans », dit Hélène Roux, qui dirige le parc depuis 2011. « Elles sont revenues en trois hivers. »
    ^ Des grues au lever du jour, devant la vieille digue.
    Les pêcheurs, eux, ont perdu deux de leurs quatre pontons. La commune leur en promet un autre, plus haut, avant la fin de l’été.
    Les grues mangent le maïs qui reste dans les champs. Chaque paysan reçoit 85 euros par hectare s’il attend le mois de mars pour labourer.
    Une route devait passer entre le lac et la forêt. Le tribunal a suspendu les travaux en décembre ; il dira en juin si elle doit faire un détour de 6 kilomètres.
    """,
    """
    es|ciudad|Lucía Ferrer|2026-03-06T07:00:00Z|El mercado de la calle Mayor abre de noche
    El mercado de la calle Mayor abrirá de noche a partir de abril, según acordaron el jueves los vendedores y el ayuntamiento. La prueba durará 6 meses.
    De los 84 puestos, 53 quieren abrir hasta la una de la madrugada. Los demás seguirán con su horario de siempre, que empieza a las siete y media.
    > «Mi abuela vendía de noche durante la guerra», contó Rosa Beltrán, que tiene el puesto 17. «Nadie le pidió permiso.»
    Los vecinos han pedido que no haya música. El ruido no podrá pasar de 45 decibelios, y un aparato en cada esquina lo medirá cada 2,5 segundos.
    - Los camiones entrarán antes de las ocho.
    - La fuente estará encendida toda la noche.
    - Los perros podrán entrar con correa.
    El autobús 12 pasará cada veinte minutos hasta las dos. Cuesta lo mismo que de día, pero el conductor podrá parar donde se lo pidan.
    En septiembre se contará cuánto se ha vendido. Si son menos de 1.200 clientes por noche, el mercado volverá a cerrar a las tres de la tarde.
    """,
    """
    ru|obshchestvo|Анна Левченко|2026-03-06T11:30:00Z|В посёлке Верхний Яр открыли школу на колёсах
    В посёлке Верхний Яр в пятницу открыли школу, которая помещается в трёх вагонах. Зимой она стоит у станции, а летом переезжает к пастбищам за 140 километров.
    В школе учатся 38 детей от семи до двенадцати лет. Раньше их возили в город на автобусе, и дорога занимала больше двух часов в одну сторону.
    > «Мы три года спорили, где строить, — рассказала директор Ольга Демидова. — А потом поняли, что строить не надо».
    Вагоны списала железная дорога. Их утеплили, поставили печь и 12 парт, а в третьем вагоне устроили библиотеку на 2,5 тысячи книг.
    - Уроки начинаются в девять утра.
    - Обед готовят родители по очереди.
    - Переезд занимает один день.
    Переделка обошлась в 7,4 миллиона рублей. Половину собрали жители, остальное добавил район, который обещает второй такой поезд к 2028 году.
    Учитель математики приезжает из соседнего посёлка на лыжах. Он говорит, что так быстрее, чем ждать, пока расчистят дорогу.
    """,
    """
    ja|chiiki|森田ゆき|2026-03-07T02:00:00Z|白浜の灯台、九年ぶりに点灯
    白浜の古い灯台に七日の夜、九年ぶりに明かりがともった。漁師たちが費用を出し合い、博物館に眠っていたレンズを借りて直した。
    灯台は一九〇六年に建てられ、二〇一七年に役目を終えていた。船は衛星で位置を知ることができるため、国は維持をやめていた。
    > 「画面はぬれると消える」と、岩場で船を失った漁師の大野実さんは話す。「光は消えない」
    レンズの重さは2.8トンあり、三つの箱に分けて運ばれた。足りない部品は町の鍛冶屋が三か月かけて作った。
    光は11秒に一度回り、晴れた夜には36キロ先の島の港からも見える。初日の夜には約240人が浜に集まり、明かりがつくと静かに拍手をした。
    町は灯台を観光に使いたいと考えている。しかし漁師たちは、夜の間は誰も上らせないと決めた。
    """,
]
