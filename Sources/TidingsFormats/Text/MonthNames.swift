/// The names of months and weekdays in the languages of many countries' papers, as a date spells them: often in the
/// genitive, often shortened. English stands in `CalendarNames`.
///
/// A name that means two months is in no list: `listopada` is November in Polish and October in Croatian.
enum MonthNames {
    /// The number, 1…12, of the month `name`, which is in lowercase.
    static func month(_ name: String) -> Int? { months[name] }

    static func isWeekday(_ name: String) -> Bool { weekdays.contains(name) }

    private static let months: [String: Int] = {
        var numbers: [String: Int] = [:]
        for list in lists {
            for (index, names) in list.split(separator: " ").enumerated() {
                for name in names.split(separator: "/") where name != "-" { numbers[String(name)] = index + 1 }
            }
        }
        return numbers
    }()

    /// From January on; `/` stands between spellings of one month, `-` where there is none.
    static let lists = [
        // German
        "januar/jänner/jan februar/feber/feb märz/mär/mrz april/apr mai juni/jun juli/jul august/aug september/sept/sep oktober/okt november/nov dezember/dez",
        // French
        "janvier/janv février/févr/fév mars avril/avr mai juin juillet/juil août septembre octobre novembre décembre/déc",
        // Spanish, Catalan
        "enero/ene febrero/feb marzo/mar abril/abr mayo junio julio agosto/ago septiembre/setiembre/set octubre/oct noviembre diciembre/dic",
        "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
        // Portuguese
        "janeiro fevereiro/fev março/mar abril maio/mai junho julho agosto setembro/set outubro/out novembro dezembro/dez",
        // Italian
        "gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre ottobre/ott novembre dicembre",
        // Romanian
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        // Dutch, Swedish, Danish and Norwegian, Icelandic
        "januari februari maart/mrt april mei juni juli augustus september oktober november december",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "- - marts - maj - - - - - - desember/des",
        "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
        // Finnish, Estonian
        "tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu kesäkuuta/kesäkuu heinäkuuta/heinäkuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu marraskuuta/marraskuu joulukuuta/joulukuu",
        "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
        // Latvian, Lithuanian
        "janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā jūlijs/jūlijā augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī decembris/decembrī",
        "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
        // Polish, Czech, Slovak, Slovene, Croatian, Serbian
        "stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec sierpnia/sierpień września/wrzesień października/październik - grudnia/grudzień",
        "ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen září října/říjen listopadu prosince/prosinec",
        "januára/január februára/február marca/marec apríla/apríl mája/máj júna/jún júla/júl augusta septembra októbra/október novembra decembra",
        "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga/studenog prosinca",
        "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
        "јануар/јануара фебруар/фебруара март/марта април/априла мај/маја јун/јуна јул/јула август/августа септембар/септембра октобар/октобра новембар/новембра децембар/децембра",
        // Hungarian
        "január/jan február/febr március/márc április/ápr május/máj június/jún július/júl augusztus szeptember/szept október november december",
        // Turkish, Azerbaijani, Uzbek, Albanian
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "yanvar fevral mart aprel may iyun iyul avqust/avgust sentyabr/sentabr oktyabr/oktabr noyabr dekabr",
        "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
        // Indonesian, Malay
        "januari februari maret/mac april mei juni/jun juli/julai agustus/ogos september oktober november desember/disember",
        // Russian (also Kyrgyz, Tajik), Ukrainian, Belarusian, Bulgarian, Kazakh
        "января/январь/янв февраля/февраль/фев марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн июля/июль/июл августа/август/авг сентября/сентябрь/сен/сент октября/октябрь/окт ноября/ноябрь/ноя/нояб декабря/декабрь/дек",
        "січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень серпня/серпень вересня/вересень жовтня/жовтень листопада грудня/грудень",
        "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
        "януари февруари март април май юни юли август септември октомври ноември декември",
        "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        // Greek, Georgian, Armenian
        "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου/μαίου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
        "იანვარი/იანვარს თებერვალი/თებერვალს მარტი/მარტს აპრილი/აპრილს მაისი/მაისს ივნისი/ივნისს ივლისი/ივლისს აგვისტო/აგვისტოს სექტემბერი/სექტემბერს ოქტომბერი/ოქტომბერს ნოემბერი/ნოემბერს დეკემბერი/დეკემბერს",
        "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",
        // Arabic, in Egypt and the Levant; Hebrew; Hindi; Thai
        "يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر",
        "- شباط آذار نيسان أيار حزيران تموز آب أيلول - - -",
        "ינואר/בינואר פברואר/בפברואר מרץ/במרץ אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר",
        "जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    ]

    private static let weekdays = Set(
        """
        montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
        lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
        segunda terça quarta quinta sexta lunedì martedì mercoledì giovedì venerdì sabato domenica
        maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag
        mandag tirsdag lørdag søndag poniedziałek wtorek środa czwartek piątek sobota niedziela
        pondělí úterý středa čtvrtek pátek neděle hétfő kedd szerda csütörtök péntek szombat vasárnap
        pazartesi salı çarşamba perşembe cuma cumartesi pazar senin selasa rabu kamis jumat sabtu minggu
        понедельник вторник среда четверг пятница суббота воскресенье
        понеділок вівторок середа четвер пʼятниця п’ятниця субота неділя
        дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі
        الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
        วันจันทร์ที่ วันอังคารที่ วันพุธที่ วันพฤหัสบดีที่ วันศุกร์ที่ วันเสาร์ที่ วันอาทิตย์ที่
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
