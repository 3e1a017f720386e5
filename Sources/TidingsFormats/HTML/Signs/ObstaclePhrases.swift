/// What pages say in place of an article, in the languages that news is mostly read in. Each phrase is one that a page says to
/// its reader of itself; those that an article may as well say of something else are not here.
enum ObstaclePhrases {
    // MARK: Challenges

    /// What a page asks or tells someone who may be a machine.
    static let challenges = PhraseTable([
        "just a moment", "attention required", "one more step", "security check", "security checkpoint", "checking your browser",
        "checking if the site connection is secure", "verify you are human", "verify that you are human", "verifying you are human",
        "confirm you are human", "prove you are human", "prove that you are human", "make sure you are not a robot", "are you a robot",
        "are you human", "not a bot", "you are not a robot", "you are a robot", "you're not a robot", "i'm not a robot",
        "ddos protection by", "unusual traffic from your", "unusual activity from your", "pardon our interruption",
        "access to this page has been denied", "complete the captcha", "solve the captcha", "enter the characters you see",
        "please enable js and disable any ad blocker", "press & hold to confirm", "bot verification", "human verification",
        "request unsuccessful", "browser verification",
        // German, Dutch, Scandinavian
        "dass sie ein mensch sind", "dass sie kein roboter sind", "sie kein bot sind", "ihr browser wird überprüft",
        "sicherheitsüberprüfung", "sind sie ein mensch", "ich bin kein roboter", "ungewöhnlichen datenverkehr", "dat u een mens bent",
        "dat je een mens bent", "geen robot bent", "je browser wordt gecontroleerd", "att du är en människa",
        "att du inte är en robot", "at du er et menneske", "ikke er en robot", "olet ihminen", "et ole robotti",
        // Romance
        "que vous êtes humain", "que vous êtes un humain", "que vous n'êtes pas un robot", "je ne suis pas un robot",
        "vérification de votre navigateur", "vérification de sécurité", "un trafic inhabituel", "que eres humano",
        "que eres un humano", "que no eres un robot", "no soy un robot", "que usted no es un robot", "comprobando su navegador",
        "verificando tu navegador", "verificación de seguridad", "tráfico inusual", "que você é humano", "que você não é um robô",
        "não sou um robô", "verificando seu navegador", "verificação de segurança", "che sei umano", "che non sei un robot",
        "non sono un robot", "verifica di sicurezza", "controllo del browser", "că ești om", "nu ești robot",
        // Slavic, Hungarian, Greek, Turkish
        "что вы не робот", "вы не робот", "я не робот", "что вы человек",
        "проверка браузера", "проверка безопасности", "подозрительный трафик",
        "що ви не робот", "що ви людина", "перевірка браузера", "że jesteś człowiekiem",
        "że nie jesteś robotem", "nie jestem robotem", "sprawdzanie przeglądarki", "že nejste robot", "že jste člověk",
        "nejsem robot", "kontrola prohlížeče", "hogy ön ember", "nem vagyok robot", "δεν είστε ρομπότ",
        "ότι είστε άνθρωπος", "insan olduğunuzu doğrulayın", "robot olmadığınızı doğrulayın", "robot değilim",
        "güvenlik kontrolü",
        // Others
        "确认您是真人", "验证您是真人", "请完成安全验证", "安全验证", "您不是机器人", "人机验证",
        "请输入验证码", "確認您是真人", "人間であることを確認", "ロボットではありません",
        "ロボットでないことを確認", "セキュリティチェック", "사람인지 확인", "로봇이 아닙니다",
        "보안 확인", "أنك لست روبوتا", "أنك إنسان", "أنا لست برنامج روبوت",
        "bahwa anda bukan robot", "bahwa anda manusia", "bạn không phải là robot", "bạn là con người",
    ])

    // MARK: Errors

    /// What a heading of an error page is about, if it says little else.
    static let errors = PhraseTable([
        "page not found", "page cannot be found", "page can't be found", "page could not be found", "page couldn't be found",
        "page doesn't exist", "page does not exist", "page no longer exists", "page isn't available", "page is not available",
        "page is no longer available", "page unavailable", "find that page", "find this page", "find the page you", "find the page",
        "find the article", "find that article", "article not found", "article is no longer available", "article no longer exists",
        "article does not exist", "article could not be found", "article has been removed", "article has expired", "story not found",
        "story is no longer available", "content not found", "content is no longer available", "content unavailable",
        "content is not available", "post not found", "file not found", "document not found", "404 not found", "410 gone", "error 404",
        "404 error", "http 404", "internal server error", "service unavailable", "bad gateway", "gateway timeout", "something went wrong",
        "technical difficulties", "server error", "page has been removed", "page has moved", "nothing found", "nothing was found",
        "page you requested", "page you are looking for", "page you were looking for", "article you are looking for",
        "article you requested", "site is under maintenance", "down for maintenance",
        // German, Dutch, Scandinavian, Finnish
        "seite nicht gefunden", "seite wurde nicht gefunden", "seite konnte nicht gefunden werden", "seite existiert nicht",
        "seite ist nicht verfügbar", "seite nicht verfügbar", "seite ist nicht mehr verfügbar", "artikel nicht gefunden",
        "artikel wurde nicht gefunden", "artikel ist nicht mehr verfügbar", "artikel nicht mehr verfügbar", "beitrag nicht gefunden",
        "inhalt nicht gefunden", "inhalt ist nicht mehr verfügbar", "inhalt nicht verfügbar", "fehler 404", "404 fehler",
        "seite gibt es nicht", "es ist ein fehler aufgetreten", "gesuchte seite", "pagina niet gevonden", "pagina bestaat niet",
        "artikel niet gevonden", "niet meer beschikbaar", "fout 404", "sidan hittades inte", "sidan kunde inte hittas",
        "sidan finns inte", "hittar inte sidan", "artikeln hittades inte", "artikeln finns inte", "fel 404", "siden blev ikke fundet",
        "siden findes ikke", "siden ble ikke funnet", "siden finnes ikke", "fant ikke siden", "finner ikke siden",
        "artikkelen finnes ikke", "artiklen findes ikke", "sivua ei löytynyt", "sivua ei löydy", "artikkelia ei löytynyt",
        // Romance
        "page non trouvée", "page introuvable", "page n'existe pas", "page n'existe plus", "page est introuvable", "page demandée",
        "page que vous cherchez", "page que vous recherchez", "article introuvable", "article n'existe plus",
        "article n'est plus disponible", "contenu introuvable", "contenu n'est plus disponible", "erreur 404", "une erreur est survenue",
        "página no encontrada", "página no existe", "página no se ha encontrado", "no se encontró la página",
        "no se ha encontrado la página", "no encontramos la página", "página que buscas", "página que busca", "página no disponible",
        "artículo no encontrado", "artículo no disponible", "contenido no disponible", "contenido no encontrado",
        "noticia no encontrada", "página não encontrada", "página não existe", "página não foi encontrada",
        "página que você procura", "página indisponível", "conteúdo não encontrado", "notícia não encontrada",
        "artigo não encontrado", "erro 404", "pagina non trovata", "pagina non esiste", "pagina inesistente", "pagina che cerchi",
        "pagina che stai cercando", "pagina richiesta", "articolo non trovato", "articolo non disponibile", "contenuto non disponibile",
        "errore 404", "pagina nu a fost găsită", "pagina nu există", "pagină inexistentă", "eroare 404", "pàgina no trobada",
        // Slavic, Baltic, Hungarian, Greek, Turkish
        "страница не найдена", "страницы не существует",
        "страница не существует", "страница удалена", "страница недоступна",
        "такой страницы нет", "материал не найден", "материал удален",
        "статья не найдена", "новость не найдена", "запрашиваемая страница",
        "ошибка 404", "произошла ошибка", "сторінку не знайдено",
        "сторінка не знайдена", "сторінки не існує", "статтю не знайдено",
        "помилка 404", "страницата не е намерена", "бет табылмады",
        "strona nie została znaleziona", "nie znaleziono strony", "strona nie istnieje", "nie ma takiej strony",
        "nie znaleziono artykułu", "artykuł nie istnieje", "błąd 404", "stránka nenalezena", "stránka nebyla nalezena",
        "stránka neexistuje", "článek nenalezen", "článek nebyl nalezen", "stránka sa nenašla", "chyba 404",
        "stranica nije pronađena", "stranica ne postoji", "stran ne obstaja", "puslapis nerastas", "lapa nav atrasta",
        "az oldal nem található", "oldal nem található", "a cikk nem található", "η σελίδα δεν βρέθηκε",
        "σελίδα δεν βρέθηκε", "σελίδα δεν υπάρχει", "sayfa bulunamadı", "sayfa mevcut değil",
        "aradığınız sayfa", "haber bulunamadı", "içerik bulunamadı", "hata 404",
        // Others
        "页面不存在", "页面未找到", "找不到页面", "无法找到该页", "文章不存在", "内容不存在",
        "页面已删除", "找不到網頁", "找不到頁面", "頁面不存在", "ページが見つかりません",
        "ページは見つかりません", "お探しのページ", "記事が見つかりません", "記事は存在しません",
        "ページは存在しません", "公開を終了", "掲載期間が終了", "페이지를 찾을 수 없습니다",
        "페이지가 존재하지 않습니다", "존재하지 않는 페이지", "존재하지 않는 기사",
        "기사를 찾을 수 없습니다", "ไม่พบหน้า", "الصفحة غير موجودة",
        "لم يتم العثور على الصفحة", "المقال غير موجود", "הדף לא נמצא",
        "העמוד לא נמצא", "صفحه یافت نشد", "صفحه مورد نظر", "पृष्ठ नहीं मिला",
        "पेज नहीं मिला", "halaman tidak ditemukan", "artikel tidak ditemukan", "không tìm thấy trang",
        "trang không tồn tại",
    ])

    /// What a heading of an error page says as a whole.
    static let wholeErrors = PhraseTable([
        "404", "410", "500", "502", "503", "error", "not found", "gone", "oops", "whoops", "uh oh", "unavailable", "access denied",
        "forbidden", "403 forbidden", "sorry", "fehler", "nicht gefunden", "hoppla", "erreur", "introuvable", "non trouvé", "oups",
        "error del servidor", "no encontrado", "no encontrada", "erro", "não encontrado", "não encontrada", "ops", "errore",
        "non trovato", "non trovata", "niet gevonden", "fout", "oeps", "fel", "hittades inte", "ikke fundet", "ikke funnet", "feil",
        "fejl", "virhe", "ei löytynyt", "ошибка", "не найдено", "не найдена", "помилка",
        "не знайдено", "błąd", "nie znaleziono", "chyba", "nenalezeno", "hiba", "nem található", "σφάλμα",
        "δεν βρέθηκε", "hata", "bulunamadı", "错误", "未找到", "エラー", "見つかりません", "오류", "خطأ",
        "غير موجود", "שגיאה", "kesalahan", "tidak ditemukan", "lỗi", "không tìm thấy", "zugriff verweigert",
        "accès refusé", "acceso denegado", "accesso negato", "acesso negado", "доступ запрещен",
    ])

    // MARK: Consent

    /// What a page says to those whom it asks for their consent, and nobody says of others.
    static let consents = PhraseTable([
        "we and our partners", "we and our", "we use cookies", "we value your privacy", "we care about your privacy",
        "your privacy choices", "your consent", "before you continue", "our partners", "uses cookies", "with ads and tracking",
        "withdraw your consent", "store and/or access information", "legitimate interest", "personalised ads", "personalized ads",
        "privacy settings", "cookie settings", "cookie policy", "manage your choices",
        // German, Dutch, Scandinavian, Finnish
        "wir und unsere", "unsere partner", "wir verwenden cookies", "wir nutzen cookies", "ihre einwilligung", "deine einwilligung",
        "ihre zustimmung", "deine zustimmung", "zustimmen und weiter", "mit werbung weiterlesen", "weiter mit werbung",
        "mit werbung und tracking", "werbung und tracking", "ihre privatsphäre", "deine privatsphäre", "einwilligung jederzeit",
        "zustimmung jederzeit", "berechtigtes interesse", "personalisierte werbung", "wij en onze partners", "wij gebruiken cookies",
        "we gebruiken cookies", "uw toestemming", "jouw toestemming", "onze partners", "uw privacy", "jouw privacy",
        "gepersonaliseerde advertenties", "vi och våra partner", "vi använder cookies", "ditt samtycke", "våra partner",
        "vi og våre partnere", "vi bruker informasjonskapsler", "ditt samtykke", "dit samtykke", "vi og vores partnere",
        "vi bruger cookies", "vores partnere", "käytämme evästeitä", "kumppanimme", "suostumuksesi",
        // Romance
        "nous et nos partenaires", "nos partenaires", "votre consentement", "nous utilisons des cookies", "vos choix",
        "votre vie privée", "continuer sans accepter", "publicités personnalisées", "publicité personnalisée", "intérêt légitime",
        "nosotros y nuestros socios", "nuestros socios", "su consentimiento", "tu consentimiento", "utilizamos cookies", "usamos cookies",
        "tu privacidad", "su privacidad", "publicidad personalizada", "interés legítimo", "aceptar y continuar",
        "nós e os nossos parceiros", "nossos parceiros", "seu consentimento", "sua privacidade", "o seu consentimento",
        "publicidade personalizada", "noi e i nostri partner", "nostri partner", "il tuo consenso", "tuo consenso",
        "utilizziamo i cookie", "la tua privacy", "tua privacy", "interesse legittimo", "accetta e continua",
        "pubblicità personalizzata", "partenerii noștri", "consimțământul tău",
        // Slavic, Greek, Turkish and others
        "my i nasi partnerzy", "nasi partnerzy", "zaufani partnerzy", "twoja zgoda", "twoją zgodę", "dbamy o twoją prywatność",
        "twoja prywatność", "używamy plików cookie", "przejdź do serwisu", "my a naši partneři", "naši partneři",
        "váš souhlas", "svůj souhlas", "používáme cookies", "vaše soukromí", "мы и наши партнеры",
        "наши партнеры", "ваше согласие", "мы используем файлы cookie",
        "ми та наші партнери", "ваша згода", "partnereink", "az ön hozzájárulása", "sütiket használunk",
        "οι συνεργάτες μας", "τη συγκατάθεσή σας", "çerezleri kullanıyoruz", "ortaklarımız",
        "我们和我们的合作伙伴", "您的同意", "当社とパートナー", "クッキーを使用",
    ])

    /// What stands on the control that consents.
    static let agreements = PhraseTable([
        "accept", "accept all", "accept all cookies", "accept and continue", "accept & continue", "accept & close", "accept cookies",
        "agree", "i agree", "agree and continue", "agree & continue", "i accept", "allow all", "consent", "yes i agree", "akzeptieren",
        "alle akzeptieren", "akzeptieren und weiter", "alle annehmen", "annehmen", "zustimmen", "allen zustimmen", "zustimmen und weiter",
        "zustimmen und weiterlesen", "einverstanden", "ich stimme zu", "mit werbung weiterlesen", "weiter mit werbung", "accepteren",
        "alles accepteren", "alle cookies accepteren", "akkoord", "ja ik ga akkoord", "godkänn", "godkänn alla", "acceptera",
        "acceptera alla", "jag godkänner", "godta alle", "godta", "godkjenn alle", "accepter alle", "tillad alle", "hyväksy",
        "hyväksy kaikki", "accepter", "tout accepter", "j'accepte", "accepter et continuer", "accepter & fermer", "accepter et fermer",
        "aceptar", "aceptar todo", "aceptar todas", "aceptar y continuar", "aceptar y cerrar", "acepto", "aceitar", "aceitar tudo",
        "aceitar todos", "aceitar e continuar", "aceito", "concordo", "accetta", "accetta tutto", "accetta tutti", "accetta e continua",
        "accetto", "acconsento", "acceptă tot", "accept toate", "akceptuję", "zaakceptuj", "zgadzam się", "akceptuj wszystko",
        "przejdź do serwisu", "akceptuję i przechodzę do serwisu", "přijmout", "přijmout vše", "souhlasím",
        "souhlasím a pokračovat", "принять", "принять все", "согласен", "принимаю", "прийняти",
        "прийняти все", "погоджуюсь", "elfogadom", "összes elfogadása", "αποδοχή",
        "αποδοχή όλων", "συμφωνώ", "kabul et", "tümünü kabul et", "kabul ediyorum", "接受", "全部接受",
        "同意", "同意する", "すべて同意", "承諾する", "동의", "모두 동의", "setuju", "terima semua", "đồng ý",
    ])
}
