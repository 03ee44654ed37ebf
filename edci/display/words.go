package display

import "strings"

// words are the texts of a picture in one language.
type words struct {
	learner, born, institution, issuer, title, code, grade, credits, date, issued, page, scale, transcript string
	rendering                                                                                              string // what the picture is
	rest                                                                                                   string // below a picture that stops early
	credential                                                                                             string // on the small page
	inData                                                                                                 string // on the small page
}

// vocabulary is the table of translations. Its keys are primary language tags; Norwegian stands
// under "no" (see family).
var vocabulary = map[string]*words{
	"bg": {"Обучаем", "Дата на раждане", "Институция", "Издател", "Наименование", "Код", "Оценка", "Кредити", "Дата", "Издадено", "Страница", "Скала за оценяване", "Академична справка",
		"Изображение на подписаните данни; меродавни са данните.", "Останалото е в данните.", "Европейско цифрово удостоверение", "Съдържанието е в данните."},
	"cs": {"Studující", "Datum narození", "Instituce", "Vydavatel", "Název", "Kód", "Hodnocení", "Kredity", "Datum", "Vydáno", "Strana", "Klasifikační stupnice", "Výpis výsledků",
		"Zobrazení podepsaných dat; rozhodující jsou data.", "Zbytek je v datech.", "Evropské digitální osvědčení", "Obsah je v datech."},
	"da": {"Studerende", "Fødselsdato", "Institution", "Udsteder", "Titel", "Kode", "Karakter", "Point", "Dato", "Udstedt", "Side", "Karakterskala", "Karakterudskrift",
		"En gengivelse af de signerede data; det er dataene, der gælder.", "Resten findes i dataene.", "Europæisk digitalt bevis", "Indholdet findes i dataene."},
	"de": {"Lernende Person", "Geburtsdatum", "Institution", "Aussteller", "Bezeichnung", "Code", "Note", "Punkte", "Datum", "Ausgestellt", "Seite", "Notenskala", "Leistungsübersicht",
		"Darstellung der signierten Daten; maßgeblich sind die Daten.", "Der Rest steht in den Daten.", "Europäischer digitaler Nachweis", "Der Inhalt steht in den Daten."},
	"el": {"Εκπαιδευόμενος", "Ημερομηνία γέννησης", "Ίδρυμα", "Εκδότης", "Τίτλος", "Κωδικός", "Βαθμός", "Μονάδες", "Ημερομηνία", "Έκδοση", "Σελίδα", "Κλίμακα βαθμολογίας", "Αναλυτική βαθμολογία",
		"Απεικόνιση των υπογεγραμμένων δεδομένων· ισχύουν τα δεδομένα.", "Τα υπόλοιπα βρίσκονται στα δεδομένα.", "Ευρωπαϊκό ψηφιακό διαπιστευτήριο", "Το περιεχόμενο βρίσκεται στα δεδομένα."},
	"en": {"Learner", "Date of birth", "Institution", "Issuer", "Title", "Code", "Grade", "Credits", "Date", "Issued", "Page", "Grading scale", "Transcript of records",
		"A rendering of the signed data; the data counts.", "The rest is in the data.", "European Digital Credential", "The content is in the data."},
	"es": {"Estudiante", "Fecha de nacimiento", "Institución", "Emisor", "Denominación", "Código", "Calificación", "Créditos", "Fecha", "Expedido", "Página", "Escala de calificación", "Expediente académico",
		"Representación de los datos firmados; prevalecen los datos.", "El resto está en los datos.", "Credencial digital europea", "El contenido está en los datos."},
	"et": {"Õppija", "Sünniaeg", "Õppeasutus", "Väljaandja", "Nimetus", "Kood", "Hinne", "Ainepunktid", "Kuupäev", "Välja antud", "Lehekülg", "Hindamisskaala", "Õpitulemuste väljavõte",
		"Allkirjastatud andmete kujutis; määravad on andmed.", "Ülejäänu on andmetes.", "Euroopa digitaalne tunnistus", "Sisu on andmetes."},
	"fi": {"Oppija", "Syntymäaika", "Oppilaitos", "Myöntäjä", "Nimike", "Tunnus", "Arvosana", "Laajuus", "Päivämäärä", "Annettu", "Sivu", "Arvosteluasteikko", "Opintosuoritusote",
		"Kuva allekirjoitetuista tiedoista; tiedot ratkaisevat.", "Loput ovat tiedoissa.", "Eurooppalainen digitaalinen todistus", "Sisältö on tiedoissa."},
	"fr": {"Apprenant", "Date de naissance", "Établissement", "Émetteur", "Intitulé", "Code", "Note", "Crédits", "Date", "Délivré le", "Page", "Échelle de notation", "Relevé de notes",
		"Représentation des données signées ; seules les données font foi.", "La suite est dans les données.", "Certificat numérique européen", "Le contenu est dans les données."},
	"ga": {"Foghlaimeoir", "Dáta breithe", "Institiúid", "Eisitheoir", "Teideal", "Cód", "Grád", "Creidmheasanna", "Dáta", "Eisithe", "Leathanach", "Scála grádaithe", "Tras-scríbhinn",
		"Léiriú ar na sonraí sínithe; is iad na sonraí atá bailí.", "Tá an chuid eile sna sonraí.", "Dintiúr Digiteach Eorpach", "Tá an t-ábhar sna sonraí."},
	"hr": {"Polaznik", "Datum rođenja", "Ustanova", "Izdavatelj", "Naziv", "Šifra", "Ocjena", "Bodovi", "Datum", "Izdano", "Stranica", "Ljestvica ocjena", "Prijepis ocjena",
		"Prikaz potpisanih podataka; mjerodavni su podaci.", "Ostatak je u podacima.", "Europska digitalna svjedodžba", "Sadržaj je u podacima."},
	"hu": {"Tanuló", "Születési idő", "Intézmény", "Kibocsátó", "Megnevezés", "Kód", "Érdemjegy", "Kredit", "Dátum", "Kiállítva", "Oldal", "Értékelési skála", "Tanulmányi kivonat",
		"Az aláírt adatok képe; az adatok az irányadók.", "A többi az adatokban található.", "Európai digitális bizonyítvány", "A tartalom az adatokban található."},
	"is": {"Nemandi", "Fæðingardagur", "Stofnun", "Útgefandi", "Heiti", "Númer", "Einkunn", "Einingar", "Dagsetning", "Gefið út", "Síða", "Einkunnakvarði", "Námsferilsyfirlit",
		"Mynd af undirrituðu gögnunum; gögnin gilda.", "Afgangurinn er í gögnunum.", "Evrópskt stafrænt skírteini", "Efnið er í gögnunum."},
	"it": {"Discente", "Data di nascita", "Istituzione", "Emittente", "Denominazione", "Codice", "Voto", "Crediti", "Data", "Rilasciato il", "Pagina", "Scala di valutazione", "Certificato degli studi",
		"Rappresentazione dei dati firmati; fanno fede i dati.", "Il resto è nei dati.", "Credenziale digitale europea", "Il contenuto è nei dati."},
	"lt": {"Besimokantysis", "Gimimo data", "Institucija", "Išdavėjas", "Pavadinimas", "Kodas", "Pažymys", "Kreditai", "Data", "Išduota", "Puslapis", "Vertinimo skalė", "Akademinė pažyma",
		"Pasirašytų duomenų atvaizdas; galioja duomenys.", "Likusi dalis yra duomenyse.", "Europos skaitmeninis pažymėjimas", "Turinys yra duomenyse."},
	"lv": {"Izglītojamais", "Dzimšanas datums", "Iestāde", "Izdevējs", "Nosaukums", "Kods", "Vērtējums", "Kredītpunkti", "Datums", "Izdots", "Lappuse", "Vērtēšanas skala", "Sekmju izraksts",
		"Parakstīto datu attēlojums; noteicošie ir dati.", "Pārējais ir datos.", "Eiropas digitālais apliecinājums", "Saturs ir datos."},
	"mk": {"Студент", "Датум на раѓање", "Институција", "Издавач", "Назив", "Код", "Оценка", "Кредити", "Датум", "Издадено", "Страница", "Скала на оценување", "Уверение за положени испити",
		"Приказ на потпишаните податоци; важат податоците.", "Остатокот е во податоците.", "Европско дигитално уверение", "Содржината е во податоците."},
	"mt": {"Student", "Data tat-twelid", "Istituzzjoni", "Emittent", "Titolu", "Kodiċi", "Grad", "Krediti", "Data", "Maħruġ", "Paġna", "Skala tal-gradi", "Traskrizzjoni tar-riżultati",
		"Rappreżentazzjoni tad-data ffirmata; id-data hija li tgħodd.", "Il-bqija jinsab fid-data.", "Kredenzjali Diġitali Ewropea", "Il-kontenut jinsab fid-data."},
	"nl": {"Lerende", "Geboortedatum", "Instelling", "Uitgever", "Titel", "Code", "Resultaat", "Punten", "Datum", "Afgegeven", "Pagina", "Beoordelingsschaal", "Cijferlijst",
		"Weergave van de ondertekende gegevens; de gegevens zijn bepalend.", "De rest staat in de gegevens.", "Europees digitaal certificaat", "De inhoud staat in de gegevens."},
	"no": {"Kandidat", "Fødselsdato", "Institusjon", "Utsteder", "Tittel", "Kode", "Karakter", "Poeng", "Dato", "Utstedt", "Side", "Karakterskala", "Karakterutskrift",
		"En gjengivelse av de signerte dataene; det er dataene som gjelder.", "Resten finnes i dataene.", "Europeisk digitalt bevis", "Innholdet finnes i dataene."},
	"pl": {"Osoba ucząca się", "Data urodzenia", "Instytucja", "Wystawca", "Nazwa", "Kod", "Ocena", "Punkty", "Data", "Wydano", "Strona", "Skala ocen", "Wykaz osiągnięć",
		"Obraz podpisanych danych; rozstrzygające są dane.", "Pozostała część znajduje się w danych.", "Europejskie poświadczenie cyfrowe", "Treść znajduje się w danych."},
	"pt": {"Estudante", "Data de nascimento", "Instituição", "Emissor", "Designação", "Código", "Classificação", "Créditos", "Data", "Emitido em", "Página", "Escala de classificação", "Registo académico",
		"Representação dos dados assinados; prevalecem os dados.", "O restante está nos dados.", "Credencial digital europeia", "O conteúdo está nos dados."},
	"ro": {"Cursant", "Data nașterii", "Instituția", "Emitent", "Denumire", "Cod", "Notă", "Credite", "Data", "Eliberat", "Pagina", "Scala de notare", "Foaie matricolă",
		"Reprezentare a datelor semnate; datele prevalează.", "Restul se află în date.", "Certificat digital european", "Conținutul se află în date."},
	"sk": {"Študent", "Dátum narodenia", "Inštitúcia", "Vydavateľ", "Názov", "Kód", "Hodnotenie", "Kredity", "Dátum", "Vydané", "Strana", "Klasifikačná stupnica", "Výpis výsledkov",
		"Zobrazenie podpísaných údajov; rozhodujúce sú údaje.", "Zvyšok je v údajoch.", "Európske digitálne osvedčenie", "Obsah je v údajoch."},
	"sl": {"Študent", "Datum rojstva", "Ustanova", "Izdajatelj", "Naziv", "Šifra", "Ocena", "Točke", "Datum", "Izdano", "Stran", "Ocenjevalna lestvica", "Izpis ocen",
		"Prikaz podpisanih podatkov; veljajo podatki.", "Preostanek je v podatkih.", "Evropsko digitalno potrdilo", "Vsebina je v podatkih."},
	"sq": {"Nxënësi", "Datëlindja", "Institucioni", "Lëshuesi", "Titulli", "Kodi", "Nota", "Kreditet", "Data", "Lëshuar", "Faqja", "Shkalla e notimit", "Lista e notave",
		"Paraqitje e të dhënave të nënshkruara; vlejnë të dhënat.", "Pjesa tjetër është në të dhëna.", "Kredencial Digjital Evropian", "Përmbajtja është në të dhëna."},
	"sr": {"Polaznik", "Datum rođenja", "Ustanova", "Izdavalac", "Naziv", "Šifra", "Ocena", "Bodovi", "Datum", "Izdato", "Strana", "Skala ocenjivanja", "Uverenje o položenim ispitima",
		"Prikaz potpisanih podataka; merodavni su podaci.", "Ostatak je u podacima.", "Evropsko digitalno uverenje", "Sadržaj je u podacima."},
	"sv": {"Studerande", "Födelsedatum", "Lärosäte", "Utfärdare", "Benämning", "Kod", "Betyg", "Poäng", "Datum", "Utfärdat", "Sida", "Betygsskala", "Resultatintyg",
		"En återgivning av de signerade uppgifterna; uppgifterna gäller.", "Resten finns i uppgifterna.", "Europeiskt digitalt intyg", "Innehållet finns i uppgifterna."},
	"tr": {"Öğrenci", "Doğum tarihi", "Kurum", "Düzenleyen", "Başlık", "Kod", "Not", "Kredi", "Tarih", "Düzenlenme tarihi", "Sayfa", "Not sistemi", "Not dökümü",
		"İmzalı verilerin görüntüsüdür; veriler esastır.", "Kalanı verilerdedir.", "Avrupa Dijital Belgesi", "İçerik verilerdedir."},
	"uk": {"Здобувач освіти", "Дата народження", "Заклад", "Видавець", "Назва", "Код", "Оцінка", "Кредити", "Дата", "Видано", "Сторінка", "Шкала оцінювання", "Академічна довідка",
		"Зображення підписаних даних; визначальними є дані.", "Решта міститься в даних.", "Європейське цифрове посвідчення", "Зміст міститься в даних."},
}

// family is the primary tag of a language, in lower case; Bokmål and Nynorsk are Norwegian.
func family(lang string) string {
	primary, _, _ := strings.Cut(strings.TrimSpace(lang), "-")
	primary, _, _ = strings.Cut(primary, "_")
	switch primary = strings.ToLower(primary); primary {
	case "nb", "nn":
		return "no"
	}
	return primary
}

// wordsIn returns the words of the language, else the English ones.
func wordsIn(lang string) *words {
	if w := vocabulary[family(lang)]; w != nil {
		return w
	}
	return vocabulary["en"]
}
