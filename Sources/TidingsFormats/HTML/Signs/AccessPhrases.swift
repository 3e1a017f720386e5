/// What pages say to those who are to log in, to subscribe, or to run scripts before they may read on.
enum AccessPhrases {
    /// What the heading of a page says that only logs in.
    static let logins = PhraseTable([
        "log in", "login", "sign in", "signin", "log in to your account", "sign in to your account", "log in or sign up",
        "log in or register", "sign in or register", "sign in or create an account", "member login", "account login", "welcome back",
        "please log in", "please sign in", "log in required", "login required", "authentication required", "anmelden", "anmeldung",
        "einloggen", "bitte anmelden", "bitte melden sie sich an", "jetzt anmelden", "inloggen", "aanmelden", "logga in", "logg inn",
        "log ind", "kirjaudu", "kirjaudu sisään", "se connecter", "connexion", "connectez vous", "identifiez vous", "identification",
        "iniciar sesión", "inicia sesión", "iniciar sessão", "acceder", "acceso", "identifícate", "entrar", "fazer login",
        "faça login", "faça seu login", "accedi", "accesso", "effettua il login", "autentificare", "conectare", "zaloguj się",
        "logowanie", "zaloguj", "přihlášení", "přihlásit se", "prihlásenie", "prijava", "prijavite se", "bejelentkezés",
        "belépés", "вход", "войти", "авторизация", "вхід", "увійти", "кіру", "σύνδεση",
        "είσοδος", "giriş", "giriş yap", "üye girişi", "oturum aç", "登录", "登入", "用户登录", "ログイン",
        "로그인", "تسجيل الدخول", "התחברות", "ورود", "masuk", "đăng nhập",
        "เข้าสู่ระบบ",
    ])

    /// What a page says that shows something only to those who have logged in.
    static let loginWalls = PhraseTable([
        "log in to continue", "sign in to continue", "log in to view", "sign in to view", "log in to read", "sign in to read",
        "log in to access", "sign in to access", "logged in to view", "logged in to access", "logged in to read", "signed in to view",
        "must be logged in", "need to be logged in", "must log in", "must sign in", "please log in", "please sign in", "need to log in",
        "need to sign in", "requires login", "members only", "registered users only", "melden sie sich an um", "melde dich an um",
        "bitte melden sie sich an", "bitte melde dich an", "bitte loggen sie sich ein", "nur für angemeldete", "nur für registrierte",
        "müssen angemeldet sein", "müssen sich anmelden", "log in om", "je moet ingelogd zijn", "u moet ingelogd zijn",
        "logga in för att", "du måste vara inloggad", "logg inn for å", "du må være logget inn", "log ind for at",
        "du skal være logget ind", "kirjaudu sisään lukeaksesi", "sinun täytyy kirjautua", "connectez vous pour",
        "vous devez être connecté", "veuillez vous connecter", "identifiez vous pour", "inicia sesión para", "inicie sesión para",
        "debes iniciar sesión", "debe iniciar sesión", "faça login para", "faça o login para", "precisa estar logado",
        "inicie sessão para", "accedi per", "effettua il login per", "effettua l'accesso", "devi effettuare il login", "devi accedere",
        "zaloguj się aby", "musisz się zalogować", "přihlaste se", "musíte být přihlášeni", "prijavite se da", "jelentkezzen be",
        "войдите чтобы", "необходимо войти", "необходимо авторизоваться",
        "авторизуйтесь чтобы", "только для зарегистрированных", "увійдіть щоб",
        "потрібно увійти", "συνδεθείτε για", "giriş yapmalısınız", "giriş yapmanız gerekmektedir",
        "请登录", "请先登录", "登录后", "請登入", "ログインしてください", "ログインが必要",
        "로그인이 필요", "로그인해 주세요", "يرجى تسجيل الدخول", "يجب تسجيل الدخول",
        "silakan masuk", "vui lòng đăng nhập",
    ])

    /// What stands where the rest of an article is for subscribers.
    static let paywalls = PhraseTable([
        "subscribe to continue", "subscribe to read", "subscribe to keep reading", "subscribe to unlock", "subscribe to access",
        "subscribe now to read", "subscribe now to continue", "subscribe for full access", "subscribe for unlimited",
        "to continue reading", "to keep reading", "to read the rest", "to read this article", "to read this story", "to unlock this",
        "continue reading with a", "continue reading this article", "already a subscriber", "already have a subscription",
        "already a member", "for subscribers only", "subscribers only", "subscriber only", "subscriber exclusive",
        "exclusive to subscribers", "only for subscribers", "only available to subscribers", "available to subscribers",
        "for members only", "for paying subscribers", "for paid subscribers", "this post is for", "premium content", "premium article",
        "this article is reserved", "reached your limit of free", "free articles", "reached your article limit", "create a free account",
        "create an account to read", "create a free account to", "register to read", "register to continue", "register for free to",
        "start your free trial", "start a free trial", "unlock this article", "get unlimited access", "unlimited digital access",
        // German, Dutch, Scandinavian, Finnish
        "jetzt weiterlesen", "jetzt abonnieren", "weiterlesen mit", "um weiterzulesen", "um den artikel zu lesen",
        "um diesen artikel zu lesen", "artikel weiterlesen", "nur für abonnenten", "für abonnenten", "nur für mitglieder",
        "exklusiv für abonnenten", "abonnentinnen und abonnenten", "bereits abonnent", "sind sie bereits abonnent", "schon abonnent",
        "sie haben bereits ein abo", "bereits registriert", "diesen artikel freischalten", "artikel freischalten", "jetzt freischalten",
        "im abo lesen", "om verder te lezen", "verder lezen", "lees verder met", "al abonnee", "bent u al abonnee", "ben je al abonnee",
        "alleen voor abonnees", "exclusief voor abonnees", "neem een abonnement", "word abonnee", "för att läsa vidare",
        "läs vidare med", "för prenumeranter", "redan prenumerant", "är du prenumerant", "bli prenumerant", "for å lese videre",
        "les videre med", "for abonnenter", "allerede abonnent", "er du abonnent", "bli abonnent", "for at læse videre",
        "læs videre med", "kun for abonnenter", "bliv abonnent", "tilaajille", "tilaa ja jatka", "jatka lukemista", "oletko jo tilaaja",
        "vain tilaajille",
        // Romance
        "réservé aux abonnés", "réservée aux abonnés", "réservé à nos abonnés", "abonnez vous pour", "pour lire la suite",
        "pour continuer la lecture", "pour poursuivre votre lecture", "lire la suite de cet article", "déjà abonné",
        "la suite est réservée", "accédez à l'intégralité", "débloquez cet article", "s'abonner pour", "pour lire cet article",
        "contenu réservé", "solo para suscriptores", "sólo para suscriptores", "exclusivo para suscriptores", "contenido exclusivo",
        "suscríbete para", "suscríbase para", "para seguir leyendo", "para continuar leyendo", "ya eres suscriptor",
        "ya soy suscriptor", "hazte suscriptor", "para leer el artículo completo", "regístrate para", "exclusivo para assinantes",
        "conteúdo exclusivo", "só para assinantes", "apenas para assinantes", "para assinantes", "assine para", "para continuar lendo",
        "para continuar a ler", "já é assinante", "já sou assinante", "seja assinante", "torne se assinante",
        "riservato agli abbonati", "contenuto riservato", "solo per abbonati", "per gli abbonati", "abbonati per",
        "per continuare a leggere", "continua a leggere con", "sei già abbonato", "hai già un abbonamento", "per leggere l'articolo",
        "leggi tutto con", "numai pentru abonați", "doar pentru abonați",
        // Slavic, Hungarian, Greek, Turkish
        "dla prenumeratorów", "dla subskrybentów", "tylko dla abonentów", "aby czytać dalej", "by czytać dalej", "wykup dostęp",
        "masz już prenumeratę", "masz już subskrypcję", "czytaj dalej z", "artykuł dostępny", "dostęp do artykułu",
        "pro předplatitele", "pouze pro předplatitele", "jen pro předplatitele", "předplaťte si", "pokračovat ve čtení",
        "odemknout článek", "již máte předplatné", "máte předplatné", "len pre predplatiteľov", "pre predplatiteľov",
        "samo za pretplatnike", "za pretplatnike", "samo za naročnike", "csak előfizetőknek", "előfizetőinknek",
        "előfizetők számára", "a cikk folytatásához", "fizess elő", "только для подписчиков",
        "доступно подписчикам", "доступен только подписчикам",
        "доступна подписчикам", "по подписке", "оформите подписку",
        "чтобы читать дальше", "чтобы продолжить чтение", "уже есть подписка",
        "подпишитесь чтобы", "лише для передплатників", "для передплатників",
        "оформіть передплату", "щоб читати далі", "μόνο για συνδρομητές",
        "για συνδρομητές", "γίνετε συνδρομητής", "abonelere özel", "sadece aboneler",
        "okumaya devam etmek için", "devamını okumak için", "abone olun",
        // Others
        "订阅后", "订阅以继续", "付费阅读", "仅限订阅", "会员专享", "成為會員", "訂閱以", "訂戶專享",
        "有料会員", "会員限定", "有料記事", "この記事は有料", "続きを読むには", "会員登録",
        "구독자 전용", "구독하고", "유료 회원", "계속 읽으려면", "للمشتركين", "اشترك لمتابعة",
        "للاستمرار في القراءة", "למנויים", "המשך קריאה", "khusus pelanggan", "berlangganan untuk",
        "dành cho hội viên", "đăng ký để đọc",
    ])

    /// What a page says that only scripts would fill.
    static let scripts = PhraseTable([
        "enable javascript", "javascript is required", "javascript is disabled", "javascript must be enabled", "requires javascript",
        "turn on javascript", "activate javascript", "javascript to run this app", "without javascript", "javascript to be enabled",
        "javascript aktivieren", "aktivieren sie javascript", "javascript aktiviert", "javascript ist deaktiviert", "ohne javascript",
        "activer javascript", "activez javascript", "javascript est désactivé", "activar javascript", "active javascript",
        "activa javascript", "habilite javascript", "habilita javascript", "javascript está deshabilitado", "habilite o javascript",
        "ative o javascript", "abilita javascript", "abilitare javascript", "attiva javascript", "schakel javascript in",
        "javascript inschakelen", "aktivera javascript", "aktiver javascript", "ota javascript", "włącz javascript",
        "włączyć javascript", "obsługi javascript", "povolte javascript", "zapněte javascript", "engedélyezze a javascriptet",
        "включите javascript", "включить javascript", "увімкніть javascript",
        "ενεργοποιήστε την javascript", "javascript'i etkinleştirin", "启用javascript", "啟用javascript",
        "javascriptを有効", "자바스크립트", "تفعيل جافا سكريبت", "aktifkan javascript", "bật javascript",
    ])
}
