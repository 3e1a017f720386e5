/// The names of the days of the week in the languages of many countries' papers, in lowercase. English stands in
/// `CalendarNames`.
enum WeekdayNames {
    static func isWeekday(_ name: String) -> Bool { names.contains(name) }

    private static let names = Set(
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
