/// What the site says around its articles, in one language. `#` stands for a number.
struct SiteWords {
    let related, mostRead, newest, newsletter, subscribe, cookies, accept, comments, views, shares, minutesAgo, weather, markets, rights, readMore: String
    let headlines: [String]
    let teasers: [String]
    let promotions: [String]

    static func of(_ language: String) -> SiteWords { all[language] ?? english }

    private static let all = ["de": german, "fr": french, "es": spanish, "ru": russian, "ja": japanese]

    private static let english = SiteWords(
        related: "Related", mostRead: "Most read", newest: "Latest", newsletter: "Our letter comes at 6 each morning, to # readers.",
        subscribe: "Sign up", cookies: "We and our # partners store cookies on your device to make this site better.", accept: "Accept all",
        comments: "# comments", views: "# views", shares: "# shares", minutesAgo: "# minutes ago", weather: "Today: rain, # °C",
        markets: "Index +#.2 %", rights: "© 2026 The Tidewater Journal. All rights reserved.", readMore: "Read more",
        headlines: [
            "Ferry number # gets a new engine", "Library of Sill lends out # umbrellas", "Storm tears # roofs off in the old town",
            "School in the hills looks for # teachers", "A painting returns after # years", "Bus line # is to stop at the hospital again",
            "Why # storks did not leave this winter", "Police find # stolen garden gnomes",
        ],
        teasers: [
            "The council wants to decide on # requests before Easter. Until then everything stays as it is, the mayor said.",
            "More than # people signed the letter within a week. Its author is a baker who does not like to talk.",
            "Nobody was hurt, but # households had no light until the morning. The company speaks of a bird.",
            "It is the first time in # years that the prize goes to a choir. The singers heard of it in a tunnel.",
            "A neighbour had counted # cats in the yard. The owner says that there were only four.",
        ],
        promotions: [
            "Enjoying this story? Our subscribers get # more like it every week, without advertisements.",
            "Advertisement: save # percent on garden tools until Sunday, in all shops of the region.",
            "Listen to our new podcast, now in its #th episode, wherever you get your podcasts.",
        ])

    private static let german = SiteWords(
        related: "Mehr zum Thema", mostRead: "Meistgelesen", newest: "Neueste Artikel", newsletter: "Unser Newsletter kommt jeden Morgen zu # Lesern.",
        subscribe: "Anmelden", cookies: "Wir und unsere # Partner speichern Cookies auf Ihrem Gerät.", accept: "Alle akzeptieren",
        comments: "# Kommentare", views: "# Aufrufe", shares: "# mal geteilt", minutesAgo: "vor # Minuten", weather: "Heute: Regen, # °C",
        markets: "Index +#,2 %", rights: "© 2026 Küstenbote. Alle Rechte vorbehalten.", readMore: "Weiterlesen",
        headlines: [
            "Bücherei verleiht # Regenschirme", "Sturm deckt # Dächer in der Altstadt ab", "Schule sucht # Lehrer für den Herbst",
            "Ein Gemälde kehrt nach # Jahren zurück", "Linie # hält wieder am Krankenhaus", "Warum # Störche geblieben sind",
        ],
        teasers: [
            "Der Rat will vor Ostern über # Anträge entscheiden. Bis dahin bleibt alles, wie es ist.",
            "Mehr als # Menschen haben den Brief in einer Woche unterschrieben. Geschrieben hat ihn ein Bäcker.",
            "Verletzt wurde niemand, aber # Haushalte hatten bis zum Morgen kein Licht. Schuld war ein Vogel.",
        ],
        promotions: ["Gefällt Ihnen dieser Text? Mit einem Abonnement lesen Sie # weitere im Monat.", "Anzeige: # Prozent auf Gartengeräte bis Sonntag, in allen Märkten."])

    private static let french = SiteWords(
        related: "À lire aussi", mostRead: "Les plus lus", newest: "Dernières nouvelles", newsletter: "Notre lettre arrive chaque matin chez # lecteurs.",
        subscribe: "S’inscrire", cookies: "Nous et nos # partenaires déposons des cookies sur votre appareil.", accept: "Tout accepter",
        comments: "# commentaires", views: "# vues", shares: "# partages", minutesAgo: "il y a # minutes", weather: "Aujourd’hui : pluie, # °C",
        markets: "Indice +#,2 %", rights: "© 2026 La Gazette des Étangs. Tous droits réservés.", readMore: "Lire la suite",
        headlines: [
            "La bibliothèque prête # parapluies", "La tempête emporte # toits dans la vieille ville", "L’école cherche # maîtres pour l’automne",
            "Un tableau revient après # ans", "La ligne # s’arrête de nouveau à l’hôpital", "Pourquoi # cigognes sont restées",
        ],
        teasers: [
            "Le conseil veut trancher # demandes avant Pâques. D’ici là, rien ne change, dit le maire.",
            "Plus de # personnes ont signé la lettre en une semaine. Son auteur est boulanger.",
            "Personne n’a été blessé, mais # foyers sont restés sans lumière jusqu’au matin.",
        ],
        promotions: ["Cet article vous plaît ? Nos abonnés en lisent # autres chaque semaine, sans publicité.", "Publicité : # pour cent sur les outils de jardin jusqu’à dimanche."])

    private static let spanish = SiteWords(
        related: "Te puede interesar", mostRead: "Lo más leído", newest: "Últimas noticias", newsletter: "Nuestro boletín llega cada mañana a # lectores.",
        subscribe: "Suscribirse", cookies: "Nosotros y nuestros # socios guardamos cookies en su dispositivo.", accept: "Aceptar todo",
        comments: "# comentarios", views: "# visitas", shares: "# veces compartido", minutesAgo: "hace # minutos", weather: "Hoy: lluvia, # °C",
        markets: "Índice +#,2 %", rights: "© 2026 El Correo del Puerto. Todos los derechos reservados.", readMore: "Leer más",
        headlines: [
            "La biblioteca presta # paraguas", "El temporal se lleva # tejados", "La escuela busca # maestros para otoño",
            "Un cuadro vuelve después de # años", "La línea # para otra vez en el hospital", "Por qué # cigüeñas no se fueron",
        ],
        teasers: [
            "El concejo quiere decidir # solicitudes antes de Pascua. Hasta entonces todo sigue igual.",
            "Más de # personas firmaron la carta en una semana. La escribió un panadero.",
            "No hubo heridos, pero # casas se quedaron sin luz hasta la mañana.",
        ],
        promotions: ["¿Le gusta esta historia? Nuestros suscriptores leen # más cada semana, sin anuncios.", "Publicidad: # por ciento en herramientas de jardín hasta el domingo."])

    private static let russian = SiteWords(
        related: "Читайте также", mostRead: "Самое читаемое", newest: "Последние новости", newsletter: "Наша рассылка приходит каждое утро, её читают # человек.",
        subscribe: "Подписаться", cookies: "Мы и # наших партнёров храним файлы cookie на вашем устройстве.", accept: "Принять все",
        comments: "# комментариев", views: "# просмотров", shares: "# репостов", minutesAgo: "# минут назад", weather: "Сегодня: дождь, # °C",
        markets: "Индекс +#,2 %", rights: "© 2026 «Степной вестник». Все права защищены.", readMore: "Читать далее",
        headlines: [
            "Библиотека выдаёт # зонтов", "Буря сорвала # крыш в старом городе", "Школа ищет # учителей к осени",
            "Картина вернулась через # лет", "Автобус # снова останавливается у больницы", "Почему # аистов остались зимовать",
        ],
        teasers: [
            "Совет рассмотрит # заявок до праздников. До тех пор всё остаётся как есть, сказал глава района.",
            "Письмо за неделю подписали больше # человек. Его написал пекарь, который не любит говорить.",
            "Никто не пострадал, но # домов остались без света до утра.",
        ],
        promotions: ["Понравилась статья? Подписчики читают ещё # таких каждую неделю, без рекламы.", "Реклама: скидка # процентов на садовые инструменты до воскресенья."])

    private static let japanese = SiteWords(
        related: "関連記事", mostRead: "アクセスランキング", newest: "新着記事", newsletter: "毎朝届くメールマガジンを#人が読んでいます。",
        subscribe: "登録する", cookies: "当サイトと#社のパートナーはお使いの端末にクッキーを保存します。", accept: "すべて同意する",
        comments: "コメント#", views: "閲覧数#", shares: "シェア#", minutesAgo: "#分前", weather: "今日：雨 #度",
        markets: "指数 +#.2%", rights: "© 2026 白浜新報 無断転載を禁じます", readMore: "続きを読む",
        headlines: ["図書館が傘#本を貸し出し", "嵐で屋根#枚飛ぶ", "山の学校が教員#人を募集", "絵画、#年ぶりに戻る", "#番バス、病院前に再び停車", "コウノトリ#羽が残った理由"],
        teasers: ["町議会は連休前に#件の申請を審議する。それまでは現状のままだという。", "手紙には一週間で#人が署名した。書いたのは無口なパン職人だ。", "けが人はなかったが、#世帯が朝まで停電した。"],
        promotions: ["この記事はいかがでしたか。会員は毎週さらに#本の記事を広告なしで読めます。", "広告：園芸用品が日曜日まで#％引き。"])
}
