/// Words that say what a block is for: in the names that a page gives its elements, and in short lines.
enum BlockWords {
    /// Words of class, id and similar names.
    static let names = WordGroups([
        ("article", "article articlebody story storybody post entry news single"),
        ("body", "body content text copy richtext prose markdown paragraph articlebody storybody postbody"),
        ("main", "main primary page"),
        ("title", "title headline heading hed titre titulo"),
        ("lead", "lead intro summary excerpt teaser dek deck standfirst abstract description subtitle subhead subheading lede chapo sapo"),
        ("byline", "byline author authors writer contributor contributors bio autor auteur signature"),
        ("date", "date time published timestamp updated datetime pubdate posted fecha datum"),
        ("meta", "meta info details data metadata postmeta"),
        ("share", "share sharing shares social facebook twitter whatsapp follow addtoany sharedaddy sociable socials telegram"),
        ("comment", "comment comments disqus reply replies respond discussion commentary commentlist kommentar kommentare"),
        (
            "related",
            "related recommend recommended recommendation recommendations more similar popular trending latest mostread outbrain "
                + "taboola also next prev previous suggestions suggested recirc recirculation read relacionadas relacionados"
        ),
        ("ad", "ad ads advert advertisement advertising sponsor sponsored promo promotion promos dfp banner adslot adsbygoogle gpt cta"),
        ("nav", "nav navigation navbar menu menus breadcrumb breadcrumbs toc pagination pager tabs tab skip crumbs sitemap"),
        ("header", "header head masthead top topbar hero"),
        ("footer", "footer foot bottom copyright legal disclaimer colophon"),
        ("sidebar", "sidebar aside rail side widget widgets secondary right left"),
        ("caption", "caption figcaption credit credits legend wp"),
        ("picture", "image photo img picture figure media thumbnail thumb photos images"),
        ("gallery", "gallery carousel slider slideshow lightbox swiper slide slides slick"),
        ("video", "video player audio podcast embed videos jw"),
        (
            "signup",
            "newsletter subscribe subscription signup paywall login register premium account optin form email signin piano mailchimp"
        ),
        ("tags", "tag tags category categories topic topics keywords label kicker eyebrow section rubric"),
        ("box", "box infobox factbox callout card cards panel module note notice alert"),
        ("quote", "quote blockquote pullquote quotes"),
        ("list", "list item items grid row feed archive archives listing results loop"),
        ("forum", "thread message messages forum postbody bbcode question answer answers post topic bbp"),
        ("product", "product products price cart shop buy sku review reviews rating ratings"),
        ("document", "doc docs documentation highlight code api wiki mw sphinx rst readme"),
        ("overlay", "cookie cookies consent gdpr privacy modal popup overlay dialog"),
        ("layout", "container wrapper wrap inner layout col column columns region block blocks"),
        ("unseen", "hidden hide sr visuallyhidden reader print noprint collapsed tooltip offscreen"),
    ])

    /// Words of short lines, in the languages that news is mostly read in: evidence of what a page is, no rule.
    static let texts = WordGroups([
        (
            "more",
            "read_more continue_reading see_also also_read read_also more_from learn_more view_more show_more see_more find_out_more "
                + "weiterlesen lesen_sie mehr_zum lire_la lire_aussi à_lire en_savoir leer_más lea_también leia_mais leia_também "
                + "leggi_anche leggi lees_ook lees_verder читать читайте подробнее devamı czytaj lue_myös läs_mer läs_också les_også "
                + "les_mer læs_også baca_juga selengkapnya xem_thêm related recommended trending previous next 相关 関連記事 続きを読む"
        ),
        (
            "share",
            "share tweet facebook whatsapp twitter linkedin pinterest follow_us telegram instagram teilen partager compartir "
                + "compartilhar compartilhe condividi поделиться paylaş udostępnij dela jaa bagikan copy_link print email"
        ),
        (
            "subscribe",
            "subscribe newsletter sign_up log_in login sign_in register subscriber subscribers abonnieren abonnez inscrivez suscríbete "
                + "assine inscreva iscriviti подписаться подписывайтесь подпишитесь abone prenumerera abonneer donate membership free_trial"
        ),
        (
            "comment",
            "comment comments kommentar kommentare kommentarer commentaires comentarios comentários commenti комментарии комментариев "
                + "reply replies yorum yorumlar leave_a responses komentarze komentar reageer reacties"
        ),
        (
            "rights",
            "copyright rights_reserved alle_rechte tous_droits derechos_reservados direitos_reservados diritti_riservati все_права "
                + "privacy_policy terms_of cookie cookies impressum datenschutz disclaimer ©"
        ),
        (
            "credit",
            "photo photos photograph image images getty foto fotos fotografie picture credit courtesy bild bilder фото kuva reuters afp "
                + "dpa epa ap shutterstock imago zdjęcie fotoğraf 写真 file_photo screenshot"
        ),
        (
            "advertisement",
            "advertisement advertisements anzeige werbung publicité publicidad publicidade реклама sponsored reklama annons reklam "
                + "advertentie pubblicità mainos iklan story_continues article_continues"
        ),
        (
            "by",
            "by von par por door av autor author autora auteur автор written_by written words text_by texte_de текст oleh reporter "
                + "editor correspondent staff_writer редактор redaktion redacción 記者 记者"
        ),
        (
            "time",
            "ago updated published posted minutes hours min_read last_updated last_modified aktualisiert veröffentlicht publié mis_à "
                + "publicado actualizado atualizado pubblicato aggiornato обновлено опубликовано güncelleme opublikowano gepubliceerd "
                + "publicerad uppdaterad julkaistu am_et pm_et gmt ist"
        ),
        (
            "note",
            "editor_s this_article this_story originally_published correction was_first all_rights views_expressed opinions_expressed "
                + "contributed_to reporting_by additional_reporting contact_us for_more click_here visit download with_inputs"
        ),
        ("product", "add_to buy_now price cart shop sale in_stock free_shipping reviews rating quantity checkout wishlist"),
        ("page", "home menu search skip_to back_to toggle close loading previous_post next_post page all_posts posts"),
    ])

    /// The groups of `texts` that a line says something of.
    static func said(in text: ArraySlice<UInt8>) -> UInt32 {
        var mask: UInt32 = 0
        var previous: UInt64 = 0
        for word in TextWords(bytes: text) {
            mask |= texts.mask(word)
            if previous != 0 { mask |= texts.mask(WordGroups.joined(previous, word)) }
            previous = word
        }
        return mask
    }

    /// How lines begin that point to another article.
    static let pointers = WordGroups([
        (
            "pointer",
            "read_more read_also also_read read_next see_also see_more more_on more_from continue_reading related_article "
                + "related_articles lesen_sie lire_aussi lire_également à_lire leer_más lea_también lee_también te_puede leia_mais "
                + "leia_também veja_também saiba_mais leggi_anche lees_ook lees_meer читайте_также читать_также читайте_ще "
                + "читайте_також czytaj_także czytaj_też czytaj_więcej zobacz_także čtěte_také čtěte_též lue_myös läs_också läs_mer "
                + "læs_også les_også les_mer baca_juga xem_thêm citește_și olvassa_el διαβάστε_επίσης اقرأ_أيضا اقرأ_أيضًا"
        )
    ])

    /// How notes of corrections begin.
    static let corrections = WordGroups([
        (
            "correction",
            "correction corrections clarification corrigendum erratum editor_note editors_note korrektur berichtigung richtigstellung "
                + "rectificatif corrección rectificación fe_de correção errata correzione rettifica correctie rectificatie исправление "
                + "уточнение виправлення уточнення sprostowanie korekta rättelse rettelse oikaisu düzeltme түзету"
        )
    ])
    /// The same in scripts that write no spaces.
    static let unspacedCorrections = ["訂正", "更正", "정정"]

    /// Words of names that are given to advertisements and to nothing else.
    static let advertisements: Set<UInt64> = Set(
        ["ad", "ads", "adslot", "adsbygoogle", "adunit", "advert", "advertisement", "advertisements", "advertising", "adverts", "promo"]
            .map { WordGroups.hash($0.utf8) })

    /// A name that tells a state of the page says nothing of the element: `has-sidebar`, `no-comments`.
    static let states: Set<UInt64> = Set(
        ["has", "is", "no", "with", "without", "not", "js", "show", "hide"].map { WordGroups.hash($0.utf8) })
}
