/// Names of the months in about fifty languages, whole words in lowercase, as a date has them.
enum MonthNames {
    /// The number, 1…12, of the month that `word` names.
    /// - Parameter language: the language of the page, because one name means two months: `listopada`.
    static func month(_ word: String, language: String? = nil) -> Int? {
        // November in Polish, October in Croatian.
        if word == "listopada", language == nil { return nil }
        if let language, croatian.contains(primarySubtag(of: language)), let month = croatianNumbers[word] { return month }
        return numbers[word]
    }

    /// `en` of `en-GB`.
    static func primarySubtag(of language: String) -> String {
        String(language.prefix { $0 != "-" && $0 != "_" }).lowercased()
    }

    private static let croatian: Set<String> = ["hr", "bs", "sh"]

    private static let croatianNumbers = table([
        "siječnja siječanj", "veljače veljača", "ožujka ožujak", "travnja travanj", "svibnja svibanj", "lipnja lipanj",
        "srpnja srpanj", "kolovoza kolovoz", "rujna rujan", "listopada listopad", "studenoga studenog studeni", "prosinca prosinac",
    ])

    // Of each month the names that distinguish it, in the forms that stand beside a day: Germanic and Romance languages,
    // Finnish, Baltic and Slavic ones, Greek, Hungarian, Romanian, Turkish, Kazakh, Malay, Swahili, Filipino, Hindi, Bengali,
    // Arabic, Persian, Hebrew, Thai, Albanian, Azerbaijani, Uzbek, Belarusian, Georgian, Armenian.
    private static let numbers = table([
        """
        january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari januarie janúar tammikuu \
        tammikuuta stycznia styczeń sty ledna leden januára január januarja januara јануар јануара января январь янв січня \
        січень януари ιανουαρίου ιανουάριος ιαν ianuarie ian ocak oca қаңтар sausio janvāris janvārī janvāra jaanuar gener \
        xaneiro जनवरी জানুয়ারি يناير جانفي ژانویه ינואר בינואר มกราคม \
        siječnja yanvar janar студзеня იანვარი იანვარს հունվարի
        """,
        """
        february feb februar feber février fevrier févr fév febrero fevereiro fev febbraio februari februarie febrúar \
        helmikuu helmikuuta lutego luty lut února únor februára február februarja februara фебруар фебруара февраля февраль \
        фев лютого лютий февруари φεβρουαρίου φεβρουάριος φεβ şubat şub ақпан vasario februāris februārī februāra veebruar \
        febrer febreiro pebrero फरवरी फ़रवरी ফেব্রুয়ারি فبراير فيفري فوریه פברואר בפברואר กุมภาพันธ์ \
        veljače febr fevral shkurt лютага თებერვალი თებერვალს փետրվարի شباط
        """,
        """
        march mar märz mär mrz mars marzo março marco maart mrt marts maaliskuu maaliskuuta marca marzec března březen \
        marec marta март марта мар березня березень μαρτίου μάρτιος μαρ március márc martie mart наурыз kovo märts març \
        machi maret mac marso मार्च মার্চ مارس מרץ במרץ มีนาคม \
        martā ožujka сакавіка მარტი მარტს մարտի آذار
        """,
        """
        april apr avril avr abril abr aprile apríl huhtikuu huhtikuuta kwietnia kwiecień kwi dubna duben apríla aprila \
        април априла апреля апрель апр квітня квітень απριλίου απρίλιος απρ április ápr aprilie nisan nis сәуір balandžio \
        aprīlis aprīlī aprill aprili अप्रैल এপ্রিল أبريل ابريل أفريل إبريل آوریل אפריל באפריל เมษายน \
        travnja aprel prill красавіка აპრილი აპრილს ապրիլի نيسان
        """,
        """
        may mai mayo maio maggio mag mei maj maí toukokuu toukokuuta maja května květen mája máj мај маја мая май травня \
        травень μαΐου μαίου μάιος μαϊ május mayıs мамыр gegužės maijs maijā maig मई মে مايو ماي مه מאי במאי พฤษภาคม \
        svibnja მაისი მაისს մայիսի أيار
        """,
        """
        june jun juni juin junio junho giugno giu júní kesäkuu kesäkuuta czerwca czerwiec cze června červen júna jún junija \
        juna јун јуна июня июнь июн червня червень юни ιουνίου ιούνιος ιουν június iunie iun haziran haz маусым birželio \
        jūnijs jūnijā juuni juny xuño junie hunyo जून জুন يونيو جوان ژوئن יוני ביוני มิถุนายน \
        lipnja iyun qershor чэрвеня ივნისი ივნისს հունիսի حزيران
        """,
        """
        july jul juli juillet juil julio julho luglio lug júlí heinäkuu heinäkuuta lipca lipiec lip července červenec júla \
        júl julija jula јул јула июля июль июл липня липень юли ιουλίου ιούλιος ιουλ július iulie iul temmuz tem шілде \
        liepos jūlijs jūlijā juuli juliol xullo julie julai hulyo जुलाई জুলাই يوليو جويلية ژوئیه יולי ביולי กรกฎาคม \
        srpnja iyul korrik ліпеня ივლისი ივლისს հուլիսի تموز
        """,
        """
        august aug août aout agosto ago augustus augusti ágúst elokuu elokuuta sierpnia sierpień sie srpna srpen augusta \
        avgusta август августа авг серпня серпень αυγούστου αύγουστος αυγ augusztus ağustos ağu тамыз rugpjūčio augusts \
        augustā agost agustus ogos agosti अगस्त আগস্ট أغسطس اغسطس أوت اوت אוגוסט באוגוסט สิงหาคม \
        kolovoza avqust avgust gusht жніўня აგვისტო აგვისტოს օգոստոսի آب
        """,
        """
        september sep sept septembre septiembre setiembre setembro settembre set syyskuu syyskuuta września wrzesień wrz \
        září septembra septembar септембар септембра сентября сентябрь сен сент вересня вересень септември σεπτεμβρίου \
        σεπτέμβριος σεπ szeptember szept septembrie eylül eyl қыркүйек rugsėjo septembris septembrī septemba setyembre \
        सितंबर सितम्बर সেপ্টেম্বর سبتمبر سپتامبر ספטמבר בספטמבר กันยายน \
        setembre rujna sentyabr sentabr shtator верасня სექტემბერი სექტემბერს սեպտեմբերի أيلول
        """,
        """
        october oct oktober okt octobre octubre outubro out ottobre ott október lokakuu lokakuuta października październik \
        paź října říjen októbra oktobra oktobar октобар октобра октября октябрь окт жовтня жовтень октомври οκτωβρίου \
        οκτώβριος οκτ octombrie ekim eki қазан spalio oktobris oktobrī oktoober oktoba oktubre अक्टूबर अक्तूबर অক্টোবর \
        أكتوبر اكتوبر اکتبر אוקטובר באוקטובר ตุลาคม \
        oktyabr oktabr tetor кастрычніка ოქტომბერი ოქტომბერს հոկտեմբերի
        """,
        """
        november nov novembre noviembre novembro nóvember marraskuu marraskuuta listopada listopad lis listopadu novembra \
        novembar новембар новембра ноября ноябрь ноя нояб листопада листопад ноември νοεμβρίου νοέμβριος νοε noiembrie noi \
        kasım kas қараша lapkričio novembris novembrī novemba nobyembre नवंबर नवम्बर নভেম্বর نوفمبر نوامبر נובמבר בנובמבר \
        พฤศจิกายน \
        studenoga studenog noyabr nëntor лістапада ნოემბერი ნოემბერს նոյեմբերի
        """,
        """
        december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre desember des desembre joulukuu \
        joulukuuta grudnia grudzień gru prosince prosinec decembra decembar децембар децембра декабря декабрь дек грудня \
        грудень декември δεκεμβρίου δεκέμβριος δεκ decembrie aralık ara желтоқсан gruodžio decembris decembrī detsember \
        decembro disember desemba disyembre दिसंबर दिसम्बर ডিসেম্বর ديسمبر دسامبر דצמבר בדצמבר ธันวาคม \
        prosinca dekabr dhjetor снежня დეკემბერი დეკემბერს դեկտեմբերի
        """,
    ])

    private static func table(_ lines: [String]) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for (index, line) in lines.enumerated() {
            for name in line.split(whereSeparator: { $0 == " " || $0 == "\n" }) { numbers[String(name)] = index + 1 }
        }
        return numbers
    }
}
