"""Customer service in Finnish: whole sentences; places come in their inflected forms."""
# ruff: noqa: RUF001  the en dash is the right sign in Finnish and Swedish ranges

from cxdemo.grammar import Phrases, Topic

PHRASES = Phrases(
    greetings=("Hei,", "Hei!", "Moi,", "Hyvää päivää,", "Terve,", "Hei Kaislakuun väki,"),
    closings=("Terveisin", "Ystävällisin terveisin", "T.", "Terv.", "Kiitos jo etukäteen!", "Yst. terv."),
    thanks=(
        "Kiitos [nopeasta|ripeästä] vastauksesta!",
        "Kiitos, [tämä selvä|tämä riittää|hienoa]!",
        "[Mahtavaa|Loistavaa|Hienoa], kiitos paljon!",
        "Suuret kiitokset avusta.",
        "Selvä, kiitos! [Mukavaa päivän jatkoa.|Hyvää viikonloppua!|]",
        "Kiitoksia, nyt asia on kunnossa.",
    ),
    agent_greetings=(
        "Hei {first},",
        "Hei {first}!",
        "Hei ja kiitos viestistäsi!",
        "Hei {first}, kiitos yhteydenotosta.",
    ),
    agent_closings=("Ystävällisin terveisin", "Terveisin", "Mukavaa päivää toivottaen", "Parhain terveisin"),
    welcome=(
        "Ole hyvä, [tervetuloa!|mukavaa matkaa!|nähdään pian!]",
        "Kiitos itsellesi, {first}!",
        "Eipä kestä. Ota rohkeasti yhteyttä, jos jotain tulee vielä mieleen.",
    ),
    chat_hellos=("Hei!", "Moi", "Moikka!", "Hei, onko siellä joku?", "Terve", "Heippa"),
    chat_agent_hellos=(
        "Hei, täällä {agent}. Miten voin auttaa?",
        "Moikka! {agent} Kaislakuusta täällä, kuinka voin olla avuksi?",
        "Tervetuloa chattiin! Olen {agent}.",
    ),
    chat_waits=(
        "Hetki, tarkistan.",
        "Pieni hetki, katson varauksen.",
        "Odotatko hetken, kysyn vastaanotosta.",
        "Katsotaanpa.",
    ),
    chat_byes=(
        "Hei hei!",
        "Mukavaa päivän jatkoa!",
        "Kiitos, moikka!",
        "Palataan tarvittaessa, hyvää iltaa!",
        "Heippa!",
    ),
    nudges=(
        "Hei, kysyin tästä [jo aiemmin|muutama päivä sitten], mutta en ole saanut vastausta. [Onko viestini tullut perille?|Ehdittekö katsoa asiaa?]",
        "Palaan vielä aiempaan viestiini. [Missä asia on nyt?|Onko asiassa edetty?]",
    ),
    auto_subject="Poissa toimistolta: ",
    auto_replies=(
        "Hei, olen poissa toimistolta ja palaan {back} Luen viestisi silloin.\n\nTämä on automaattinen vastaus.",
        "Kiitos viestistäsi. Olen lomalla, takaisin {back} Kiireellisissä asioissa soita vaihteeseemme.",
    ),
    reply_prefixes=("VS: ", "Re: ", "Vs: "),
)

TOPICS = (
    Topic(
        "booking", "before", "bookings",
        ("Huonevaraus {range}", "Tiedustelu: {hotel} {range}", "Varauskysely", "Vapaita huoneita {missa}?"),
        (
            "[Onko|Olisiko] teillä vapaata kahden hengen huonetta {missa} {range}? [Toivoisin rauhallista huonetta sisäpihan puolelta.|Hinta kiinnostaisi myös.|Mielellään ylempi kerros.]",
            "Olen tulossa {mihin} {day} ja tarvitsisin huoneen. Lähtö olisi {dep} [Paljonko se maksaisi aamiaisen kanssa?|Onko tilaa?]",
            "Yritin varata huonetta {mista} ajalle {range}, mutta verkkosivu ilmoitti virheestä. Voisitteko tehdä varauksen puolestani?",
            "Suunnittelemme matkaa {mihin}. Mitä huone maksaisi ajalla {range} [kahdelle aikuiselle|kahdelle aikuiselle ja yhdelle lapselle|yhdelle hengelle]?",
        ),
        (
            "Huoneita on vielä vapaana ajalle {range}. Hinta on {sum} euroa aamiaisineen. Varausnumero on {ref}, jos haluat pitää huoneen.",
            "Kyllä onnistuu! Huone {range} maksaa {sum} euroa, aamiainen kuuluu hintaan. Varaus {ref} on voimassa ja sen voi perua maksutta edelliseen päivään kello 18 asti.",
            "Tein varauksen puolestasi: {hotel}, {range}, varausnumero {ref}. Loppusumma on {sum} euroa ja sen voi maksaa vastaanotossa.",
            "Hinta ajalle {range} on {sum} euroa, aamiainen kuuluu siihen. Pidän huonetta sinulle numerolla {ref} huomiseen asti.",
        ),
        (
            "[Saako huoneeseen|Onko mahdollista saada] lisävuoteen? Lapsi on seitsemänvuotias.",
            "Hyvä hinta. Kuuluuko saunan käyttö siihen?",
            "Otan huoneen. [Voinko maksaa laskulla?|Tarvitsetteko korttitietoja etukäteen?]",
            "Onko sama huone mahdollista pitää vielä yhden yön pidempään?",
        ),
        (
            "Kyllä, lisäsin sen varaukseen {ref}.",
            "Kyllä kuuluu, iltasauna on asiakkaille maksuton kello 18–21.",
            "Onnistuu hyvin. Lähetin vahvistuksen sähköpostiisi.",
            "Tarkistin asian vastaanotosta: onnistuu, eikä sinun tarvitse tehdä mitään.",
        ),
    ),
    Topic(
        "change", "before", "bookings",
        ("Varauksen {ref} muutos", "Muutos varaukseen {ref}", "Varauksen siirto toiseen päivään"),
        (
            "Meillä muuttuivat suunnitelmat. [Voiko|Voisiko] varauksen {ref} siirtää viikolla eteenpäin? Alkuperäinen aika on {range}.",
            "Joudun valitettavasti perumaan varauksen {ref} ({hotel}, {range}). [Palautuuko maksu kortille?|Saanko siitä vahvistuksen?]",
            "Varasin vahingossa väärät päivät. Varauksen {ref} pitäisi alkaa {day} eikä päivää aiemmin. Voitteko korjata?",
            "Pääsenkin lähtemään jo aiemmin. Onko varauksesta {ref} mahdollista jättää viimeinen yö pois?",
        ),
        (
            "[Siirsin varauksen {ref} viikolla eteenpäin.|Varaus {ref} on siirretty viikolla.] Uusi vahvistus on lähetetty sähköpostiisi.",
            "Varaus {ref} on peruttu. [Maksu palautuu 3–5 pankkipäivässä.|Vahvistus on lähetetty ja raha palautuu muutamassa päivässä.]",
            "Korjasin varauksen {ref} päivät. [Uusi vahvistus on lähetetty.|Huone pysyy samana.]",
            "Lyhensin varausta {ref} yhdellä yöllä, ja hinta laski samassa suhteessa.",
        ),
        ("Tuleeko tästä kuluja?", "[Vahvistusta ei ole vielä näkynyt|En löydä vahvistusta sähköpostista], voitteko lähettää sen uudestaan?"),
        ("Ei tule, koska ilmoitit ajoissa.", "Lähetin vahvistuksen juuri uudelleen, katso myös roskaposti."),
    ),
    Topic(
        "late_checkin", "before", "info",
        ("Myöhäinen saapuminen {day}", "Saavumme vasta yöllä", "Saapumisaika, varaus {ref}"),
        (
            "Junamme on perillä vasta kello {clock}. [Pääseekö hotelliin vielä siihen aikaan sisään?|Onko vastaanotto silloin auki?] Varaus {ref}, saapuminen {day}",
            "Saavumme {mihin} {day} myöhään, arviolta kello {clock}. Pidättehän huoneen meille?",
            "Lentoni on myöhässä ja olen perillä vasta kello {clock} jälkeen. Varaus on {ref}. Miten saan avaimen?",
        ),
        (
            "Ei hätää, vastaanotto on auki koko yön. Kirjasin varaukseen {ref} saapumisajaksi {clock}.",
            "Huone odottaa teitä. Jos ovi on lukossa, soittakaa summeria, niin yövuoro avaa.",
            "Merkitsin myöhäisen saapumisen varaukseen. Avaimen saat vastaanotosta henkilötodistusta näyttämällä.",
        ),
        ("Saako siihen aikaan vielä jotain syötävää?", "Entä mihin auton voi jättää yöllä?", "Pitääkö huone maksaa etukäteen?"),
        ("Aulasta saa voileipiä ja keittoa ympäri vuorokauden.", "Pihalla on tilaa, ja portti aukeaa varausnumerolla.", "Ei tarvitse, voit maksaa lähtiessä."),
    ),
    Topic(
        "parking", "before", "info",
        ("Pysäköinti {missa}", "Autopaikka {day}", "Onko hotellilla parkkipaikkoja?"),
        (
            "Tulemme {mihin} autolla. [Onko hotellilla omia autopaikkoja ja mitä ne maksavat?|Voiko paikan varata etukäteen?] Varaus {ref}.",
            "Onko {missa} mahdollisuus ladata sähköautoa? Saavumme {day}",
            "Meillä on pakettiauto, korkeus 2,3 metriä. Mahtuuko se hotellin halliin {missa}?",
        ),
        (
            "Hallissa on 60 paikkaa, hinta on 18 euroa vuorokaudelta. Varasin teille paikan varaukselle {ref}.",
            "Kyllä, hallissa on kuusi latauspistettä. Lataus maksetaan sovelluksella, pysäköinti 18 euroa vuorokausi.",
            "Hallin korkeus on 2,1 metriä, joten korkea auto ei valitettavasti mahdu. Pihalla on muutama maksuton paikka.",
        ),
        ("Voiko auto seistä paikalla vielä lähtöpäivän iltaan?", "Mistä kadulta halliin ajetaan?", "Tarvitaanko rekisterinumero etukäteen?"),
        ("Kyllä voi, pysäköinti on voimassa vuorokauden loppuun.", "Sisäänajo on hotellin takaa, opasteet alkavat pääovelta.", "Ei tarvita, saat koodin vastaanotosta."),
    ),
    Topic(
        "sauna", "before", "info",
        ("Saunavuoro {day}", "Sauna {missa}", "Yksityinen saunavuoro?"),
        (
            "Voiko {missa} varata oman saunavuoron? Meitä on {party} ja saavumme {day}",
            "Mihin aikaan aamusauna on auki {missa}? [Entä pääseekö uima-altaalle?|Onko pyyhkeet omasta takaa?]",
            "Kuuluuko kattosauna huoneen hintaan? Varaus {ref}.",
        ),
        (
            "Oman saunavuoron voi varata kello 17–22, hinta on 60 euroa tunnilta. Varaanko teille vuoron kello {clock}?",
            "Aamusauna on auki kello 6.30–9.30 ja iltasauna kello 18–21. Pyyhkeet kuuluvat hintaan.",
            "Kyllä, sauna kuuluu aina huoneen hintaan. Löylyt lämpiävät joka ilta.",
        ),
        ("Pääseekö saunalta uimaan?", "Saako saunalle tilata jotain juotavaa?", "Onko sauna yhteinen vai onko naisille ja miehille omat?"),
        ("Kyllä, uima-allas on aivan saunan vieressä.", "Kyllä, juomat voi tilata vastaanotosta ja ne kirjataan huoneen laskuun.", "Naisille ja miehille on omat saunat."),
    ),
    Topic(
        "breakfast", "before", "info",
        ("Aamiainen", "Aikainen aamiainen {dep}", "Aamiaisajat {missa}"),
        (
            "Lähdemme {dep} aikaisella junalla. [Mistä kellonajasta alkaen aamiaista saa?|Onko mahdollista saada aamiainen mukaan?]",
            "Mihin asti aamiainen on katettu viikonloppuna {missa}?",
            "Kuuluuko aamiainen varaukseen {ref}? Vahvistuksesta se ei selvinnyt.",
        ),
        (
            "Aamiainen alkaa arkisin kello 6.30 ja viikonloppuisin kello 7.30. Aikaiselle lähtijälle pakkaamme mielellämme evään.",
            "Aamiainen on katettu arkisin kello 10 asti ja viikonloppuisin kello 11 asti.",
            "Kyllä, aamiainen kuuluu hintaan. [Se on katettu ravintolassa, pohjakerroksessa.|Lisäsin siitä maininnan vahvistukseen.]",
        ),
        ("Onko tarjolla karjalanpiirakoita? Viimeksi ne olivat erinomaisia!", "Maksavatko lapset aamiaisesta?"),
        ("On toki, joka aamu tuoreina.", "Alle 12-vuotiaat syövät maksutta."),
    ),
    Topic(
        "noise", "after", "service",
        ("Palaute: melu huoneessa {room}", "Yöuni jäi vähiin", "Valitus, varaus {ref}"),
        (
            "Yövyimme {missa} {range} huoneessa {room}. Naapurihuoneessa juhlittiin aamukolmeen, eikä [kukaan tullut paikalle, vaikka soitimme vastaanottoon kahdesti|vastaanotosta vastattu]. Emme voi sanoa olevamme tyytyväisiä.",
            "Huoneen {room} ilmanvaihto piti kovaa ääntä koko yön. Pyysin toista huonetta, mutta sitä ei ollut. [Toivon hyvitystä.|Miten aiotte hyvittää tämän?] Varaus {ref}.",
            "Olen yöpynyt teillä usein, mutta nyt petyin. Kadun remontti alkoi kello kuusi aamulla, eikä siitä ollut kerrottu varattaessa.",
        ),
        (
            "Olen pahoillani, että yöuni jäi vähiin. Hyvitämme yhden yön hinnasta puolet lahjakorttina.",
            "Kiitos palautteesta ja pahoittelut. Välitin asian {gen} hotellinjohtajalle. Haluamme tarjota seuraavalla käynnillä paremman huoneluokan maksutta.",
            "Pahoittelut tapahtuneesta. Näin ei pidä käydä. Kirjasin sinulle 40 euron hyvityksen, jonka voit käyttää seuraavalla käynnillä.",
        ),
        ("Kiitos, mutta mieluummin saisin hyvityksen rahana.", "En halua enää samaan huoneeseen. Näkyyhän se tiedoissani?", "Kauanko etu on voimassa?"),
        ("Ymmärrän. Palautamme 40 euroa kortille.", "Merkitsin tietoihisi toiveen rauhallisesta huoneesta.", "Etu on voimassa vuoden."),
    ),
    Topic(
        "lost", "after", "info",
        ("Unohtuiko huoneeseen {room}?", "Löytötavarat {missa}", "Kadonnut tavara"),
        (
            "Huoneeseen {room} jäi luultavasti [musta puhelimen laturi|lapsen punainen pipo|harmaa villahuivi|sininen kosmetiikkalaukku|lukulasit mustassa kotelossa]. Lähdimme {dep} Onko sitä löytynyt?",
            "Unohdin {missa} [kirjan yöpöydälle|takin aulan naulakkoon|sateenvarjon ravintolaan|uimapuvun saunalle], lähdin {dep} Voisitteko katsoa?",
        ),
        (
            "Hyviä uutisia: kerroshoito löysi sen ja se on tallessa vastaanotossa. [Säilytämme sitä kolme kuukautta.|]",
            "Kyllä, se on löytötavaroissa. Säilytämme tavaroita kolme kuukautta.",
        ),
        ("Voisitteko lähettää sen postissa? Maksan kulut.", "Tulen {mihin} ensi kuussa, voinko noutaa silloin?"),
        ("Lähetämme sen mielellämme, postikulut ovat 9 euroa.", "Sopii hyvin, kysy vastaanotosta."),
    ),
    Topic(
        "invoice", "after", "invoices",
        ("Lasku, varaus {ref}", "Virhe laskussa {ref}", "Laskutusosoite"),
        (
            "Sain laskun majoituksesta {range}, mutta [summa {sum} euroa ei täsmää vahvistukseen|siinä on minibaari, jota emme käyttäneet|siitä puuttuu viitteemme]. Voisitteko tarkistaa? Varaus {ref}.",
            "Kortiltani on veloitettu {sum} euroa kahteen kertaan. Varaus {ref}, {hotel}. [Pyydän palauttamaan ylimääräisen maksun.|Mistä on kyse?]",
            "Tarvitsisin varauksesta {ref} laskun yritykselle. Lähtöpäivä oli {dep}",
        ),
        (
            "Tarkistin laskun ja olet oikeassa. Teemme hyvityslaskun ja lähetämme korjatun laskun.",
            "Toinen veloitus on katevaraus, joka poistuu itsestään viikon sisällä. Varsinainen summa on {sum} euroa.",
            "Välitin asian laskutukseen, he lähettävät laskun kahden työpäivän kuluessa.",
        ),
        ("Kiitos. Milloin asia on viimeistään kunnossa?", "Voiko laskun lähettää verkkolaskuna?", "Tarvitsisin vielä erittelyn arvonlisäverosta."),
        ("Viimeistään tämän viikon aikana.", "Kyllä, lähetä meille verkkolaskuosoite.", "Erittely on liitteenä olevassa kuitissa."),
    ),
    Topic(
        "receipt", "after", "info",
        ("Kuitti yöpymisestä {range}", "Kuittipyyntö {ref}", "Puuttuva kuitti"),
        (
            "En saanut lähtiessä kuittia. Voisitteko lähettää sen sähköpostilla? Varaus {ref}, {range}.",
            "Tarvitsen työnantajalle kuitin yöpymisestä {missa} {range}. [Kiitos!|Summa oli muistaakseni {sum} euroa.]",
        ),
        ("Kuitti on tämän viestin liitteenä.", "Lähetin kuitin uudelleen varauksella olevaan osoitteeseen."),
        ("Kuitissa on väärä nimi, voiko sen vaihtaa?", "Kiitos, voisiko kuitissa näkyä myös pysäköinti?"),
        ("Korjasin nimen ja lähetin uuden kuitin.", "Lisäsin pysäköinnin omalle rivilleen."),
    ),
    Topic(
        "thanks", "after", "info",
        ("Kiitos!", "Kiitokset {gen} väelle", "Palautetta vierailusta"),
        (
            "Haluan kiittää {gen} hotellin väkeä. [Vastaanotossa oltiin ystävällisiä ja aamiainen oli erinomainen.|Huone {room} oli siisti ja näkymä hieno.|Lapset puhuvat vieläkin uima-altaasta.] Tulemme uudestaan!",
            "Kiitos mukavasta vierailusta {range}. [Illallinen {rmissa} oli matkan kohokohta.|Erityiskiitos aamuvuorolle, joka löysi kadonneen hanskan.|Iltasauna teki hyvää pitkän ajomatkan jälkeen.]",
        ),
        ("Kiitos kauniista palautteesta! Luin sen ääneen aamupalaverissa.", "Tämä lämmitti mieltä, kiitos. Välitän terveiset koko väelle."),
        ("Lupaan tuoda ensi kerralla ystävänkin mukaan.", "Onko teillä kanta-asiakkaille tarjouksia kesäksi?"),
        ("Lämpimästi tervetuloa molemmat!", "On, kesän tarjoukset julkaistaan toukokuussa."),
    ),
    Topic(
        "group", "before", "bookings",
        ("Ryhmävaraus {range}", "Tarjouspyyntö: {party} henkilöä", "Kokous ja majoitus {missa}"),
        (
            "Pyydämme tarjousta: {party} henkilöä, {range}, {hotel}. [Tarvitsemme lisäksi kokoustilan ja lounaan.|Huoneista puolet yhden hengen huoneita.]",
            "Olemme järjestämässä [sukujuhlia|luokkakokousta|seuran kauden päättäjäisiä|koulutuspäivää] {missa} {day} Meitä on noin {party}. Onko tilaa?",
        ),
        (
            "Kiitos tarjouspyynnöstä! Ryhmälle hinta on {sum} euroa huoneelta, kokoustila kuuluu hintaan. Tarjous on voimassa kaksi viikkoa.",
            "Tilaa on. Varasin alustavasti {party} paikkaa, varausnumero {ref}. Nimilista riittää viikkoa ennen saapumista.",
        ),
        ("Montako henkeä juhlasaliin mahtuu?", "Kuulostaa hyvältä. Voisimmeko käydä katsomassa tiloja?", "Nimilista tulee ensi viikolla, sopiiko?"),
        ("Saliin mahtuu 120 henkeä pöytien ääreen.", "Tervetuloa, sovitaan aika puhelimessa.", "Sopii oikein hyvin."),
    ),
    Topic(
        "wifi", "during", "info",
        ("Verkko ei toimi huoneessa {room}", "Langaton verkko", "Netti pätkii"),
        (
            "Langaton verkko ei toimi huoneessa {room}. [Mikä on salasana?|Puhelin näkee verkon, mutta sivut eivät aukea.]",
            "Netti pätkii jatkuvasti, ja minulla on kokous kohta. Voiko joku auttaa? Huone {room}.",
        ),
        ("Verkon nimi on KaislakuuVieras ja salasana lukee avainkortin kotelossa.", "Käynnistimme kerroksen tukiaseman uudelleen. Kokeilisitko nyt?"),
        ("Nyt toimii!", "Ei vieläkään. Onko muuta paikkaa, jossa voisin pitää kokouksen?"),
        ("Hyvä kuulla.", "Aulan vieressä on pieni kokoushuone, saat sen maksutta tunniksi."),
    ),
    Topic(
        "gift", "any", "service",
        ("Lahjakortti", "Lahjakortin käyttö", "Lahjakortin voimassaolo"),
        (
            "Haluaisin ostaa lahjakortin [äidille|ystävälle|työkaverille|vanhemmille hääpäiväksi]. Käykö sama kortti sekä hotelliin että ravintolaan?",
            "Sain lahjaksi lahjakortin, mutta sivusto ei hyväksy koodia. [Voitteko tarkistaa, onko se voimassa?|Mitä teen?]",
            "Lahjakorttini vanhenee ensi kuussa. Voiko voimassaoloa jatkaa?",
        ),
        (
            "Sama kortti käy kaikissa hotelleissamme ja ravintoloissamme. Voit ostaa sen verkosta tai vastaanotosta.",
            "Tarkistin koodin: kortti on voimassa. Se käytetään varauksen viimeisellä sivulla.",
            "Jatkoin voimassaoloa kolmella kuukaudella.",
        ),
        ("Käykö kortti myös viikonloppuisin?", "Voiko loppusumman käyttää toisella kerralla?"),
        ("Kyllä, kortti käy kaikkina päivinä.", "Voi, kortille jää saldo talteen."),
    ),
    Topic(
        "table", "any", "tables",
        ("Pöytävaraus {tday} kello {tclock}", "Pöytä {rmihin}", "Illallinen {tday}"),
        (
            "Saisiko pöydän {rmihin} {tday} kello {tclock}? Meitä on {party}. [Ikkunapaikka olisi mukava.|Juhlimme syntymäpäivää.|Mukana on kaksi pientä lasta.]",
            "Haluaisin varata pöydän {rmihin} {tday}, {party} henkeä, kello {tclock}.",
            "Onko {rgen} maistelumenu tarjolla {tday}? Meitä tulisi {party}.",
        ),
        (
            "Pöytä on varattu: {tday} kello {tclock}, {party} henkeä. Tervetuloa!",
            "Kello {tclock} on valitettavasti täynnä, mutta tuntia myöhemmin mahtuu. Sopiiko se?",
            "Kyllä on. Varasin teille pöydän kello {tclock}, ja menu tilataan paikan päällä.",
        ),
        ("Sopii hyvin.", "Tuleekin yksi enemmän, mahdummeko samaan pöytään?", "Voimmeko tuoda oman kakun?"),
        ("Hienoa, nähdään silloin!", "Mahdutte, vaihdoin isomman pöydän.", "Voitte toki, kerro vain tarjoilijalle."),
    ),
    Topic(
        "points", "any", "service",
        ("Kanta-asiakaspisteet", "Pisteet puuttuvat", "Kanta-asiakkuus"),
        (
            "Yöpymisestäni {missa} ei ole kertynyt pisteitä. [Voitteko lisätä ne jälkikäteen?|Kerroin jäsennumeron vastaanotossa.] Varaus {ref}.",
            "Montako yötä tarvitaan seuraavalle tasolle? [Minulla on nyt 14.|Sovellus ei näytä sitä.]",
            "Unohdin jäsennumeroni. Miten saan sen selville?",
        ),
        (
            "Lisäsin puuttuvat pisteet, ne näkyvät tililläsi huomenna.",
            "Seuraavalle tasolle tarvitaan 20 yötä vuodessa, eli olet jo lähellä.",
            "Jäsennumero lukee jokaisen uutiskirjeen alalaidassa. Lähetin sen myös sähköpostiisi.",
        ),
        ("Vanhenevatko pisteet?", "Voiko pisteet siirtää puolisolle?"),
        ("Pisteet ovat voimassa kolme vuotta.", "Saman talouden jäsenet voivat yhdistää pisteensä."),
    ),
    Topic(
        "pets", "before", "info",
        ("Koira mukaan {mihin}", "Lemmikkihuone {range}", "Lemmikit"),
        (
            "Onko {missa} huoneita, joihin saa tuoda koiran? [Meillä on pieni mäyräkoira.|Koira on iso mutta rauhallinen.] Tulisimme {range}.",
            "Unohdin mainita varauksessa {ref}, että mukana on koira. Onko se ongelma?",
        ),
        ("Koirat ovat tervetulleita! Lemmikkimaksu on 15 euroa, ja huoneessa odottaa vesikuppi.", "Ei ole ongelma, vaihdoin varaukseen {ref} lemmikkihuoneen."),
        ("Missä lähellä voi ulkoiluttaa koiraa?", "Saako koira tulla aulabaariin?"),
        ("Puisto alkaa aivan hotellin takaa.", "Saa tulla, kun on kytkettynä."),
    ),
    Topic(
        "luggage", "before", "info",
        ("Matkalaukkujen säilytys {day}", "Laukut säilöön ennen saapumista"),
        (
            "Olemme {missa} jo aamulla. [Voiko laukut jättää säilöön ennen huoneen luovutusta?|Voiko huoneeseen päästä aiemmin?] Varaus {ref}.",
            "Lähtöpäivänä {dep} junamme lähtee vasta illalla. Saako laukut jättää teille päiväksi?",
        ),
        ("Laukut voi jättää lukittuun säilytykseen vastaanoton viereen, se on maksutonta. [Huone on usein valmis jo puolelta päivin.|]", "Totta kai, säilytys on auki iltaan asti ja maksuton."),
        ("Mahtuuko säilytykseen kahdet sukset?", "Onko siinä lähellä hyvä lounaspaikka?"),
        ("Mahtuu, suksille on oma teline.", "Oma ravintolamme on auki kello 11 alkaen."),
    ),
    Topic(
        "tickets", "before", "info",
        ("Liput ja kuljetus {day}", "Tapahtumaillat {missa}"),
        (
            "Olemme tulossa {mihin} [jääkiekko-otteluun|konserttiin|oopperaan|festivaaleille] {day} Järjestättekö kuljetusta areenalle?",
            "Saako teiltä lippuja [lauantain otteluun|illan konserttiin]? Varaus {ref}.",
        ),
        ("Areenalle pääsee raitiovaunulla kymmenessä minuutissa, pysäkki on oven edessä.", "Meillä on satunnaisesti lippukiintiöitä. Kysy vastaanotosta saapuessasi, niin katsotaan."),
        ("Kuinka myöhään raitiovaunut kulkevat?", "Voiko taksin tilata valmiiksi?"),
        ("Viimeinen vuoro on hieman puolenyön jälkeen.", "Kyllä, vastaanotto tilaa sen mielellään."),
    ),
)  # fmt: skip
