/// Whole lines that are navigation, in lowercase, without signs between their words. In other languages than English
/// only what means nothing else.
enum BoilerplatePhrases {
    static let navigation: Set<String> = english.union(others)

    private static let english: Set<String> = [
        "scroll to top", "back to top", "go to top", "return to top", "to top", "top of page", "skip to content",
        "skip to main content", "skip to navigation", "main menu", "menu", "toggle navigation", "search", "log in",
        "login", "sign in", "sign up", "register", "my account", "read more", "read also", "continue reading",
        "load more", "show more", "see more", "view all", "see all", "older posts", "newer posts", "next article",
        "previous article", "next post", "previous post", "related articles", "related stories", "related posts",
        "related news", "you may also like", "most read", "most popular", "latest news", "advertisement",
        "advertisements", "advertising", "sponsored", "leave a comment", "leave a reply", "no comments", "comments",
        "post a comment", "follow us", "follow us on", "newsletter", "subscribe to our newsletter", "copy link",
        "link copied", "listen to this article", "accept cookies", "accept all", "privacy policy", "cookie policy",
        "terms of use", "terms and conditions", "contact us", "about us", "all rights reserved", "report a typo",
        "for immediate release", "press release", "news release", "media release", "print this page", "share this article",
        "share this story", "share this post", "accept all cookies", "reject all", "manage preferences", "cookie settings",
        "skip advertisement", "article continues below", "story continues below", "view comments", "show comments",
        "more on this story", "more from this author", "recommended for you", "trending now", "open in app", "add to favorites",
        "text size", "font size", "send by email", "printer friendly version", "terms of service", "back to home",
    ]

    /// By language: Russian, Ukrainian, Kazakh, German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian,
    /// Polish, Czech, Hungarian, Turkish, Vietnamese, Indonesian, Greek, Arabic, Persian, Hebrew, Chinese, Japanese,
    /// Korean.
    private static let others: Set<String> = [
        "наверх", "вверх", "читать далее", "читайте также", "поделиться", "реклама", "версия для печати", "распечатать",
        "подписаться", "на главную", "вернуться наверх", "все новости", "похожие новости", "новости по теме",
        "материалы по теме", "комментарии", "оставить комментарий", "скопировать ссылку", "самое читаемое", "предыдущая статья",
        "следующая статья", "все права защищены", "политика конфиденциальности", "войти", "регистрация", "пресс релиз",
        "поділитися", "читати далі", "читайте також", "роздрукувати", "усі права захищено", "нагору",
        "бөлісу", "жарнама", "толығырақ", "толық оқу", "оқи отырыңыз",
        "nach oben", "zum seitenanfang", "mehr lesen", "anzeige", "zur startseite", "drucken", "teilen", "artikel drucken",
        "artikel teilen", "weiterlesen", "kommentar schreiben", "kommentar verfassen", "mehr zum thema", "auch interessant",
        "das könnte sie auch interessieren", "zum inhalt springen", "alle akzeptieren", "datenschutz", "impressum",
        "pressemitteilung", "link kopieren", "nächster artikel", "vorheriger artikel",
        "haut de page", "retour en haut", "lire aussi", "partager", "imprimer", "lire la suite", "aller au contenu",
        "à lire aussi", "sur le même sujet", "publicité", "mentions légales", "tout accepter", "laisser un commentaire",
        "communiqué de presse", "copier le lien", "article suivant", "article précédent", "partager l'article",
        "volver arriba", "leer más", "compartir", "imprimir", "seguir leyendo", "publicidad", "aviso legal", "ir al contenido",
        "noticias relacionadas", "te puede interesar", "deja un comentario", "nota de prensa", "comunicado de prensa",
        "política de privacidad", "aceptar todo", "copiar enlace",
        "compartilhar", "partilhar", "leia mais", "leia também", "publicidade", "voltar ao topo", "continua após a publicidade",
        "deixe um comentário", "notícias relacionadas",
        "torna su", "condividi", "stampa", "leggi tutto", "leggi anche", "pubblicità", "continua a leggere", "torna in alto",
        "articoli correlati", "lascia un commento", "comunicato stampa",
        "delen", "lees meer", "lees verder", "lees ook", "advertentie", "naar boven", "dela", "läs mer", "läs också", "annons",
        "skriv ut", "del artikel", "læs også", "læs mere", "les også", "les mer", "annonse", "lue myös", "mainos", "jaa",
        "udostępnij", "drukuj", "czytaj więcej", "czytaj dalej", "czytaj także", "reklama", "wróć na górę", "do góry",
        "polityka prywatności", "informacja prasowa", "sdílet", "vytisknout", "čtěte také", "číst dále", "zpět nahoru",
        "vissza a tetejére", "oldal tetejére", "megosztás", "hirdetés", "tovább olvasom", "nyomtatás", "olvasta már",
        "yukarı çık", "paylaş", "yazdır", "devamını oku", "ilgili haberler", "reklam", "yorum yap", "basın bülteni",
        "chia sẻ", "đọc thêm", "quảng cáo", "tin liên quan", "bài viết liên quan", "bagikan", "baca juga", "selengkapnya", "iklan",
        "artikel terkait", "κοινοποίηση", "διαβάστε επίσης", "διαβάστε περισσότερα", "διαφήμιση",
        "شارك", "مشاركة", "اقرأ المزيد", "اقرأ أيضا", "إعلان", "طباعة", "مواضيع ذات صلة", "جميع الحقوق محفوظة", "ادامه مطلب",
        "بیشتر بخوانید", "اشتراک گذاری", "שתף", "שיתוף", "קרא עוד", "קראו עוד", "פרסומת", "הדפסה",
        "分享", "分享到", "相关阅读", "相關閱讀", "相关新闻", "相關新聞", "延伸阅读", "延伸閱讀", "阅读全文", "閱讀全文", "广告", "廣告", "返回顶部",
        "返回首页", "打印本页", "シェアする", "この記事をシェア", "記事をシェア", "関連記事", "あわせて読みたい", "続きを読む", "広告", "ページトップへ", "印刷する", "공유하기", "관련기사",
        "관련 기사", "광고", "더 보기", "साझा करें", "यह भी पढ़ें", "विज्ञापन", "แชร์", "ข่าวที่เกี่ยวข้อง", "อ่านเพิ่มเติม", "โฆษณา",
    ]
}
