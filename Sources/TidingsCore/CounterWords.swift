// The words of counters and of relative times ("3 hours ago"), in the languages of the web's larger newspapers, forums and
// aggregators. All are in lowercase; a phrase of several words has single spaces.

/// What is counted. A *plain* count is certainly not part of an article. A *doubtful* one may be: points and votes stand in
/// tables of results, shares in reports of companies, an arrow beside a price.
enum CounterKind { case plain, doubtful }

enum CounterWords {
    static let longestPhrase = 3

    static let labels: [String: CounterKind] = {
        var labels: [String: CounterKind] = [:]
        for phrase in phrases(plain) { labels[phrase] = .plain }
        for phrase in phrases(doubtful) { labels[phrase] = .doubtful }
        return labels
    }()

    /// Labels of one thing, which name it where the number stands behind them: "Answer: 42", "Comment 3".
    static let singular = Set(phrases(
        """
        comment,reply,answer,view,read,like,upvote,downvote,point,vote,share,download,follower,kommentar,antwort,aufruf,
        commentaire,réponse,vue,comentario,respuesta,comentário,resposta,commento,reactie,svar,komentarz,komentář,komentar,
        hozzászólás,комментарий,ответ,просмотр,коментар,yorum
        """))

    /// Labels of a time that reading takes. A unit of time belongs to the number.
    static let readingTimes = Set(phrases(
        """
        reading time,read time,time to read,min read,mins read,minute read,minutes read,lesezeit,lesedauer,min lesezeit,
        minuten lesezeit,temps de lecture,min de lecture,minutes de lecture,tiempo de lectura,min de lectura,
        minutos de lectura,tempo de leitura,min de leitura,minutos de leitura,tempo di lettura,min di lettura,
        minuti di lettura,leestijd,min leestijd,minuten leestijd,lästid,min läsning,min lästid,læsetid,min læsetid,lesetid,
        время чтения,мин чтения,минут чтения,час читання,czas czytania,min czytania,okuma süresi,dk okuma
        """))

    private static let plain = """
        comment,comments,reply,replies,answer,answers,view,views,read,reads,times viewed,times read,page views,hits,
        like,likes,upvote,upvotes,downvote,downvotes,retweets,reposts,boosts,favourites,favorites,bookmarks,reactions,
        kommentar,kommentare,kommentaren,antwort,antworten,aufruf,aufrufe,ansichten,mal gelesen,mal angesehen,gefällt mir,
        commentaire,commentaires,réponse,réponses,vue,vues,lectures,j’aime,j'aime,
        comentario,comentarios,respuesta,respuestas,vistas,visitas,lecturas,me gusta,
        comentário,comentários,resposta,respostas,visualizações,leituras,curtidas,
        commento,commenti,risposte,visualizzazioni,letture,mi piace,
        reactie,reacties,opmerkingen,antwoorden,weergaven,keer bekeken,keer gelezen,vind ik leuks,
        kommentarer,svar,visningar,visninger,gilla,kommentti,kommenttia,katselukertaa,
        komentarz,komentarze,komentarzy,odpowiedzi,wyświetleń,wyświetlenia,odsłon,
        komentář,komentáře,komentářů,komentar,komentara,komentari,hozzászólás,hozzászólások,megtekintés,comentarii,vizualizări,
        комментарий,комментария,комментариев,комментарии,ответ,ответа,ответов,просмотр,просмотра,просмотров,просмотры,лайков,
        коментар,коментарі,коментарів,переглядів,перегляди,
        yorum,görüntüleme,görüntülenme,beğeni,okunma,σχόλιο,σχόλια,προβολές,تعليق,تعليقات,مشاهدة,مشاهدات,תגובות,צפיות,
        bình luận,lượt xem,dibaca,dilihat,tayangan,komentar,टिप्पणियां,टिप्पणी,
        评论,條評論,条评论,評論,留言,浏览,次浏览,瀏覽,阅读,次阅读,閱讀,点赞,赞,コメント,件のコメント,閲覧,閲覧数,いいね,댓글,조회,조회수,좋아요
        """

    private static let doubtful = """
        point,points,vote,votes,score,share,shares,download,downloads,follower,followers,subscribers,stars,punkte,stimmen,
        geteilt,partages,votos,puntos,pontos,compartidos,condivisioni,voti,stemmen,keer gedeeld,баллов,голосов
        """

    /// Pictures that stand for a label.
    static let symbols: [Unicode.Scalar: CounterKind] = [
        "💬": .plain, "🗨": .plain, "🗪": .plain, "👁": .plain, "👀": .plain, "👍": .plain, "👎": .plain, "❤": .plain, "♥": .plain,
        "♡": .plain, "🔁": .plain, "▲": .doubtful, "△": .doubtful, "▼": .doubtful, "⬆": .doubtful, "⬇": .doubtful,
        "⇧": .doubtful, "↑": .doubtful, "↓": .doubtful,
    ]

    /// Words for none, before a label.
    static let none: Set<String> = [
        "no", "keine", "kein", "aucun", "aucune", "sin", "sem", "nessun", "nessuna", "geen", "inga", "ingen", "brak", "нет", "немає",
    ]

    /// Words for one, before a unit of time.
    static let one: Set<String> = [
        "a", "an", "one", "ein", "eine", "einer", "einem", "einen", "un", "une", "una", "uno", "um", "uma", "een", "en", "ett",
    ]

    static let thousands: Set<String> = ["k", "m", "mln", "tsd", "mio", "tys", "mil", "тыс", "млн", "万", "만"]

    static let units = Set(phrases(
        """
        s,sec,secs,second,seconds,min,mins,minute,minutes,m,h,hr,hrs,hour,hours,d,day,days,w,week,weeks,mo,month,months,y,yr,
        year,years,sekunde,sekunden,minuten,stunde,stunden,std,tag,tage,tagen,woche,wochen,monat,monate,monaten,jahr,jahre,
        jahren,seconde,secondes,heure,heures,jour,jours,semaine,semaines,mois,an,ans,segundo,segundos,minuto,minutos,hora,
        horas,día,días,dia,dias,semana,semanas,mes,meses,mês,año,años,ano,anos,secondi,minuti,ora,ore,giorno,giorni,
        settimana,settimane,mese,mesi,anno,anni,seconden,minuut,uur,uren,dag,dagen,weken,maand,maanden,jaar,
        sekunder,minuter,minutter,timme,timmar,time,timer,dagar,dage,vecka,veckor,uge,uger,månad,månader,måneder,år,
        sekund,sekundy,minut,minuty,minutę,godzin,godziny,godzinę,dzień,dni,tydzień,tygodnie,tygodni,miesiąc,miesiące,miesięcy,
        секунд,секунды,секунду,минут,минуты,минуту,мин,час,часа,часов,день,дня,дней,неделю,недели,недель,месяц,месяца,месяцев,
        год,года,лет,хвилин,хвилини,хвилину,година,години,годину,годин,дні,днів,тиждень,тижні,
        saniye,dakika,dk,saat,gün,hafta,ay,yıl,시간,분,일,주,개월,년
        """))

    /// Words after a number and a unit: "3 hours ago".
    static let ago: Set<String> = ["ago", "fa", "geleden", "sedan", "siden", "temu", "назад", "тому", "önce", "atrás", "전", "lalu"]
    /// Words before them: "vor 3 Stunden". A phrase has its words in order.
    static let before = Set(phrases("vor,il y a,hace,há,πριν,قبل"))
    /// Words before them that prove nothing without "ago": "for 3 timer siden".
    static let maybeBefore: Set<String> = ["for", "för"]
    /// Unit and "ago" in one word.
    static let unitsAgo = Set(phrases(
        "秒前,分前,分钟前,分鐘前,时间前,時間前,小时前,小時前,天前,日前,周前,週間前,个月前,個月前,か月前,ヶ月前,年前"))
    static let now = Set(phrases("just now,gerade eben,à l’instant,ahora mismo,agora mesmo,proprio ora,zojuist,только что"))

    /// Words that may stand in a line of counters and say nothing else.
    static let fillers = Set(phrases(
        """
        updated,published,posted,submitted,edited,aktualisiert,veröffentlicht,publié,publiée,mis à jour,actualizado,publicado,
        atualizado,aggiornato,pubblicato,bijgewerkt,geplaatst,uppdaterad,publicerad,opublikowano,обновлено,опубликовано,link,and,und,
        et,y,e,en,och,og,i,и
        """))
    /// Words with a name behind them: "by alice".
    static let naming: Set<String> = ["by", "via", "von", "par", "por", "di", "da", "door", "av", "af", "przez", "от", "to", "in", "from"]

    private static func phrases(_ list: String) -> [String] {
        list.split { $0 == "," || $0 == "\n" }.map { String($0) }
    }
}
