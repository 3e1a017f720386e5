import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct PlainTextLanguages {
    @Test("title, date, byline and what is no text are known in many languages", arguments: [
        Layout("German", date: "2026-03-05", authors: "Jana Roth", """
            T|Stadt kauft die alte Baumwollhalle am Hafen

            X|Von Jana Roth
            X|5. März 2026, 14:30 Uhr

            K|Die Stadt zahlt neun Millionen für die alte Halle und will darin ein Museum des Meeres einrichten.

            X|Lesen Sie auch: Der Leuchtturmwärter geht nach vierzig Wintern

            K|Das Dach ist undicht, und die Mauern müssen zwei Winter lang trocknen.

            X|Zur Startseite
            X|Drucken
            X|Teilen
            """),
        Layout("French", date: "2026-03-05", authors: "Jeanne Aubry", """
            T|La ville achète l’ancien entrepôt de coton

            X|Par Jeanne Aubry
            X|Publié le 5 mars 2026 à 14h30

            K|La ville paiera neuf millions pour l’ancien entrepôt du port et veut en faire un musée de la mer.

            X|Lire aussi : Le gardien du phare s’en va après quarante hivers

            K|Le toit fuit, et les murs devront sécher pendant deux hivers.

            X|Partager
            X|Imprimer
            X|Haut de page
            """),
        Layout("Spanish", date: "2026-03-05", authors: "María Solís", """
            T|La ciudad compra el viejo almacén de algodón

            X|Por María Solís
            X|5 de marzo de 2026

            K|La ciudad pagará nueve millones por el viejo almacén del puerto y quiere abrir en él un museo del mar.

            X|Lea también: El farero se marcha tras cuarenta inviernos

            K|El techo gotea y los muros tendrán que secarse durante dos inviernos.

            X|Compartir
            X|Volver arriba
            """),
        Layout("Portuguese", date: "2026-03-05", modified: "2026-03-06", authors: "João da Silva", """
            T|Cidade compra o velho armazém de algodão

            X|Por João da Silva
            X|Publicado em 5 de março de 2026
            X|Atualizado em 6 de março de 2026

            K|A cidade pagará nove milhões pelo velho armazém do porto e quer abrir nele um museu do mar.

            X|Leia também: O faroleiro parte depois de quarenta invernos

            K|O telhado tem goteiras, e as paredes terão de secar durante dois invernos.
            """),
        Layout("Polish", date: "2026-03-05", authors: "Anna Nowak", """
            T|Miasto kupuje stary magazyn bawełny

            X|Autor: Anna Nowak
            X|5 marca 2026

            K|Miasto zapłaci dziewięć milionów za stary magazyn w porcie i chce otworzyć w nim muzeum morza.

            X|Czytaj także: Latarnik odchodzi po czterdziestu zimach

            K|Dach przecieka, a mury będą musiały schnąć przez dwie zimy.

            X|Udostępnij
            """),
        Layout("Russian", date: "2026-03-05", authors: "Дана Омарова;Иван Петров", """
            T|Город покупает старый хлопковый склад

            X|5 марта 2026 г., 14:30
            X|Авторы: Дана Омарова, Иван Петров

            K|Город заплатит девять миллионов за старый склад в порту и хочет открыть в нём музей моря.

            X|Читайте также: Смотритель маяка уходит после сорока зим

            K|Крыша течёт, и стены придётся сушить две зимы.

            X|Поделиться
            X|Версия для печати
            X|Подписывайтесь на наш канал в Telegram
            X|Реклама
            """),
        Layout("Kazakh", date: "2026-03-05", authors: "Дана Омарова", """
            T|Қала айлақтағы ескі мақта қоймасын сатып алады

            X|Автор: Дана Омарова
            X|2026 жылғы 5 наурыз

            K|Қала айлақтағы ескі қойма үшін тоғыз миллион төлейді және онда теңіз мұражайын ашпақ.

            K|Төбесі ағады, ал қабырғалары екі қыс бойы кебуі керек.

            X|Бөлісу
            """),
        Layout("Turkish", date: "2026-03-05", authors: "Ayşe Yılmaz", """
            T|Belediye eski pamuk deposunu satın alıyor

            X|Yazar: Ayşe Yılmaz
            X|5 Mart 2026 Perşembe

            K|Belediye limandaki eski depo için dokuz milyon ödeyecek ve orada bir deniz müzesi açmak istiyor.

            X|Ayrıca okuyun: Fener bekçisi kırk kıştan sonra gidiyor

            K|Çatı akıyor ve duvarların iki kış kuruması gerekiyor.

            X|Paylaş
            """),
        Layout("Vietnamese", date: "2026-03-05", authors: "Nguyễn Thị Lan", """
            T|Thành phố mua lại kho bông cũ ở cảng

            X|Tác giả: Nguyễn Thị Lan
            X|Ngày 5 tháng 3 năm 2026

            K|Thành phố sẽ trả chín triệu cho kho bông cũ ở cảng và muốn mở ở đó một bảo tàng biển.

            K|Mái nhà bị dột và các bức tường phải được làm khô trong hai mùa đông.

            X|Chia sẻ
            """),
        Layout("Hungarian", date: "2026-03-05", authors: "Őry Zsófia", """
            T|A város megveszi a régi gyapotraktárt

            X|Szerző: Őry Zsófia
            X|2026. március 5., 14:30

            K|A város kilencmilliót fizet a kikötő régi raktáráért, és tengeri múzeumot akar benne nyitni.

            K|A tető beázik, és a falaknak két télen át kell száradniuk.

            X|Megosztás
            """),
        Layout("Chinese", date: "2026-03-05", authors: "李娜", """
            T|市政府买下港口旧棉花仓库

            X|2026年3月5日
            X|作者：李娜

            K|市政府将出资九百万买下港口的旧棉花仓库，并打算在那里开设一座海洋博物馆。工程预计持续两年。

            K|屋顶漏水，墙壁需要两个冬天才能晾干，建筑师昨天对记者说。

            X|分享
            X|相关阅读
            """),
        Layout("Japanese", date: "2026-03-05", """
            T|市、港の古い綿花倉庫を買い取りへ

            X|2026年3月5日 14時30分

            K|市は港の古い綿花倉庫を九百万で買い取り、海の博物館を開く計画だ。工事は二年ほどかかる見込みである。

            K|屋根は雨漏りしており、壁は二回の冬をかけて乾かす必要があるという。

            X|シェアする
            X|関連記事
            """),
        Layout("Korean", date: "2025-11-17", modified: "2025-11-18", """
            T|오래된 등대, 도서관으로 다시 문 열어

            X|입력 2025.11.17. 09:05 | 수정 2025.11.18. 10:12

            K|남쪽 섬의 오래된 등대가 작은 도서관으로 바뀌어 월요일에 문을 열었다고 군청이 밝혔다.

            K|책은 주민들이 한 권씩 가져온 것이다.
            """),
        Layout("Thai", date: "2025-11-17", """
            T|ขายประภาคารเก่าในราคาหนึ่งบาท

            X|วันจันทร์ที่ 17 พฤศจิกายน 2568

            K|ประภาคารเก่าบนแหลมด้านเหนือถูกประกาศขายในราคาหนึ่งบาทให้กับผู้ที่สัญญาว่าจะทาสีใหม่ทุกสองปี เทศบาลกล่าวว่ามีผู้สนใจแล้วสิบสี่คน
            """),
        Layout("Hindi", date: "2026-03-05", """
            T|शहर ने बंदरगाह का पुराना कपास गोदाम खरीदा

            X|5 मार्च 2026

            K|शहर बंदरगाह के पुराने कपास गोदाम के लिए नब्बे लाख देगा और वहाँ समुद्र का संग्रहालय खोलना चाहता है।

            K|छत टपकती है और दीवारों को सूखने में दो सर्दियाँ लगेंगी।
            """),
        Layout("Arabic", date: "2026-03-05", authors: "ليلى حداد", """
            T|المدينة تشتري مستودع القطن القديم في الميناء

            X|بقلم: ليلى حداد
            X|5 مارس 2026

            K|ستدفع المدينة تسعة ملايين مقابل مستودع القطن القديم في الميناء وتريد أن تفتح فيه متحفا للبحر.

            X|اقرأ أيضا: حارس المنارة يرحل بعد أربعين شتاء

            K|السقف يسرب الماء، والجدران تحتاج إلى شتاءين حتى تجف.

            X|شارك
            """),
        Layout("Hebrew", date: "2026-03-05", authors: "נועה לוי", """
            T|העירייה קונה את מחסן הכותנה הישן בנמל

            X|מאת: נועה לוי
            X|5 במרץ 2026

            K|העירייה תשלם תשעה מיליון על מחסן הכותנה הישן בנמל ורוצה לפתוח בו מוזיאון של הים.

            K|הגג דולף, והקירות יצטרכו להתייבש במשך שני חורפים.
            """),
        Layout("Persian", authors: "نرگس احمدی", """
            T|شهرداری انبار قدیمی پنبه را می‌خرد

            X|نویسنده: نرگس احمدی
            K|۱۴ اسفند ۱۴۰۴

            K|شهرداری نه میلیون برای انبار قدیمی بندر می‌پردازد و می‌خواهد در آن موزهٔ دریا باز کند.

            K|سقف چکه می‌کند و دیوارها باید دو زمستان خشک شوند.
            """),
        Layout("Georgian", """
            T|ქალაქი ნავსადგურის ძველ ბამბის საწყობს ყიდულობს და მასში ზღვის მუზეუმის გახსნას ორ წელიწადში გეგმავს

            K|ქალაქი ძველ საწყობში ცხრა მილიონს გადაიხდის და იქ ზღვის მუზეუმის გახსნა სურს, თქვა მერმა ხუთშაბათს. სახურავი ჟონავს.

            K|კედლები ორი ზამთრის განმავლობაში უნდა გაშრეს.
            """),
        Layout("a headline with a preposition", """
            T|Von Hamburg nach Harburg

            K|Die Fähre braucht achtzehn Minuten, der Bus vierzig. Trotzdem fahren mehr Menschen mit dem Bus.

            K|Das liegt am Fahrplan, sagt der Verein der Fahrgäste.
            """),
    ])
    func layouts(layout: Layout) throws { try layout.check() }
}
