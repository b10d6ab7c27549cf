"""What guests write in public: blogs about their interests, mentions and comments about the chain."""
# ruff: noqa: RUF001  the en dash is the right sign in scores and ranges

BLOGS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "fi": {
        "ice_hockey": (
            (
                "Jatkoaika ja ääni käheänä",
                "Eilinen [ottelu|peli] ratkesi vasta jatkoajalla. [Seisoin katsomossa koko kolmannen erän.|Huusin niin, että ääni on vieläkin käheä.] Maalivahti torjui kuin unelma.",
            ),
            (
                "Kausikortti taas taskussa",
                "Ostin kausikortin jo [kahdeksannen|kymmenennen] kerran. Paras hetki on aina se, kun valot sammuvat ja joukkue luistelee jäälle.",
            ),
            (
                "Vieraspelimatka",
                "Lähdimme [bussilla|junalla] vieraspeliin neljän ystävän kanssa. Ylivoima ei toiminut, mutta [tunnelma|seura] oli paras koko kaudella.",
            ),
            (
                "Ylivoimasta ja vähän muustakin",
                "Miksi kiekko seisoo siniviivalla? [Syöttö poikittain, veto suoraan, siinä se.|Valmentaja kokeili uutta ketjua, ja se toimi heti.] Jääkiekko on yksinkertainen laji.",
            ),
            (
                "Maalivahdin ilta",
                "Maalivahti oli illan paras pelaaja. [Torjuntoja kertyi 38.|Viimeisellä minuutilla nähtiin uskomaton räpylätorjunta.] Jäähalli nousi seisomaan.",
            ),
            (
                "Playoffit lähestyvät",
                "Runkosarja on pian ohi ja pudotuspelit alkavat. [Varasin jo liput ensimmäiseen kotiotteluun.|Jännitän jo valmiiksi.] Jääkiekko on keväällä parhaimmillaan.",
            ),
            (
                "Lätkää ja makkaraa",
                "Erätauolla hallin makkara maistuu aina. [Naapuripenkissä istui sama herra kuin viime kaudella.|Pelipaita oli taas päällä.] Tulos oli 4–2 kotijoukkueelle.",
            ),
            (
                "Harjoituspeli",
                "Kausi alkoi harjoitusottelulla. [Uusi sentteri voitti aloituksia.|Puolustus oli vielä hukassa.] Hyvältä näyttää.",
            ),
            (
                "Junioriturnaus",
                "Vietin viikonlopun jäähallilla juniorien turnauksessa. Kahvi oli laihaa, mutta [pelit|maalit] sitäkin parempia.",
            ),
        ),
        "opera": (
            (
                "Kauden ohjelmisto",
                "Oopperan kevätkausi julkaistiin. [Valitsin heti kolme esitystä.|Varasin liput jo ensimmäisenä päivänä.] Kuoro-osuuksia odotan eniten.",
            ),
            (
                "Ensi-iltailta",
                "Kuulin [Toscan|La bohèmen|Taikahuilun] ensi-illassa. Toisen näytöksen aaria sai salin aivan hiljaiseksi.",
            ),
            (
                "Oopperamatka",
                "Ostin parvelta halvimman lipun, ja akustiikka oli siellä parempi kuin permannolla. [Sopraano oli loistava.|Orkesteri soitti hienosti.]",
            ),
        ),
        "hiking": (
            (
                "Rinkka selässä tunturiin",
                "Kävelimme kolme päivää erämaassa. [Yöllä oli pakkasta, mutta makuupussi piti lämpimänä.|Puurokattila kiehui nuotiolla joka aamu.]",
            ),
            (
                "Päiväretki suolle",
                "Pitkospuut olivat liukkaat, mutta [kahvi laavulla|näköala tornista] palkitsi. Kurjet huusivat aamusta iltaan.",
            ),
            (
                "Uudet vaelluskengät",
                "Sisäänajo kesti kolme lenkkiä. [Rakkoja tuli vain yksi.|Nyt ne istuvat kuin vanhat.]",
            ),
            (
                "Syysvaellus",
                "Ruska oli parhaimmillaan. [Matkaa kertyi 42 kilometriä.|Näimme kaksi poroa ja yhden kuukkelin.]",
            ),
        ),
        "sauna": (
            (
                "Löylyistä",
                "Puukiuas on puukiuas. [Hyvä löyly on pehmeä ja pitkä.|Vihdan tein itse koivusta.] Saunan jälkeen istuin laiturilla tunnin.",
            ),
            (
                "Kiulun korjaus",
                "Vanha kiulu vuoti, joten tein uuden vanteen. [Illalla se sai jo vettä.|Löyly maistui tavallista paremmalta.]",
            ),
            (
                "Savusauna",
                "Savusauna lämpiää kuusi tuntia, ja se on sen arvoista. [Noki ei tartu, jos istuu nätisti.|Jälkilöylyt ovat parhaat.]",
            ),
            (
                "Avantoon",
                "Avannosta noustessa maailma on taas selkeä. [Saunalla oli viisi naapuria.|Vesi oli puoli astetta.]",
            ),
        ),
        "food": (
            (
                "Sunnuntain kalakeitto",
                "Keitin kalakeiton [kuhasta|siiasta] ja laitoin loppuun reilusti tilliä. Ruisleipä kuuluu asiaan.",
            ),
            ("Uudet perunat", "Uudet perunat, voita ja silliä. [Muuta ei tarvita.|Kesä voi alkaa.]"),
            (
                "Ravintolassa",
                "Söimme viiden ruokalajin illallisen. [Kuha oli täydellisesti paistettu.|Jälkiruoka maistui kuuselta.]",
            ),
            (
                "Marjapiirakka",
                "Pakastimesta löytyi viimeinen litra mustikoita. [Pohjaan laitoin kauraa.|Vaniljakastike kruunasi kaiken.]",
            ),
            (
                "Leivontapäivä",
                "Korvapuustit onnistuivat vihdoin. [Salaisuus on pitkä kohotus.|Kardemummaa kannattaa lisätä rohkeasti.]",
            ),
        ),
        "music": (
            (
                "Keikalla",
                "Bändi soitti kaksi tuntia ilman taukoa. [Basso tuntui penkissä asti.|Encorena kuultiin vanha suosikki.]",
            ),
            (
                "Kuoroharjoitukset",
                "Laulamme joulukonserttiin kolme uutta kappaletta. Altot ovat kerrankin ajoissa nuoteissa.",
            ),
        ),
        "golf": (
            (
                "Kauden ensimmäinen kierros",
                "Kenttä oli märkä, mutta [putti upposi|avaus lähti suoraan]. Tasoitus ei vielä laskenut.",
            ),
        ),
        "travel": (
            (
                "Junalla pohjoiseen",
                "Yöjuna on paras tapa matkustaa. [Aamulla ikkunassa oli lunta.|Kahvi maistui ravintolavaunussa.]",
            ),
            ("Kaupunkiloma kotimaassa", "Kävelin jokirannan päästä päähän ja istuin kolmessa kahvilassa."),
        ),
        "winter_sports": (
            (
                "Ladulla",
                "Hiihdin 25 kilometriä, ja [luisto oli hyvä|pito petti vasta lopussa]. Kuu valaisi paluumatkan.",
            ),
        ),
        "pets": (
            (
                "Koiran kanssa reissussa",
                "Mäyräkoira nukkui koko junamatkan. [Perillä se haistoi joka lyhtypylvään.|Hotellissa sillä oli oma matto.]",
            ),
        ),
    },
    "sv": {
        "ice_hockey": (
            (
                "Förlängning igen",
                "Gårdagens match avgjordes först i förlängningen. [Jag skrek mig hes.|Målvakten räddade allt.]",
            ),
            (
                "Säsongskortet är köpt",
                "Nu är säsongskortet köpt igen. Bäst är stunden när ljuset släcks och laget kommer ut på isen.",
            ),
        ),
        "opera": (
            (
                "En kväll på operan",
                "Jag hörde [Tosca|La bohème|Trollflöjten] i går. I andra akten var salen alldeles tyst.",
            ),
            ("Biljett på tredje raden", "Den billigaste platsen hade den bästa akustiken. Sopranen var lysande."),
        ),
        "hiking": (
            (
                "Höstvandring",
                "Vi gick i tre dagar. [På natten var det frost.|Gröten kokade över elden varje morgon.] Benen minns det ännu.",
            ),
        ),
        "sauna": (("Bastukväll", "Vedeldad bastu slår allt. Efteråt satt jag en timme på bryggan."),),
        "food": (
            ("Söndagens fisksoppa", "Jag kokade soppa på gös och tog rikligt med dill. Till det rågbröd, förstås."),
            ("Kanelbullar", "Hemligheten är att låta degen jäsa länge."),
        ),
        "music": (("Konsert i går", "Bandet spelade i två timmar utan paus. Till sist kom den gamla favoriten."),),
        "golf": (("Årets första runda", "Banan var våt men putten satt. Handikappet sjönk inte ännu."),),
        "travel": (
            ("Med nattåg norrut", "Nattåget är det bästa sättet att resa. På morgonen låg det snö utanför fönstret."),
        ),
        "winter_sports": (("I skidspåret", "Jag åkte 25 kilometer och glidet var bra. Månen lyste på hemvägen."),),
        "pets": (("På resa med hunden", "Taxen sov hela tågresan. På hotellet hade den en egen matta."),),
    },
    "en": {
        "ice_hockey": (
            (
                "My first Finnish hockey game",
                "Nobody told me how loud it gets. [Overtime, a save and a song I do not understand.|I bought the scarf.]",
            ),
        ),
        "opera": (
            ("A night at the opera", "The cheapest seat had the best sound. The second act left us speechless."),
        ),
        "hiking": (
            (
                "Three days in the fells",
                "We walked for three days and met [two reindeer|nobody]. Porridge over an open fire every morning.",
            ),
        ),
        "sauna": (("Learning the sauna", "Sit low, breathe slowly, then jump in the lake. I finally get it."),),
        "food": (("Salmon soup", "Cream, dill and potatoes. I have asked three grandmothers and got three recipes."),),
        "music": (("Live last night", "Two hours without a break and the old favourite at the end."),),
        "golf": (("Midnight golf", "You can putt at eleven in the evening here. The light never ends."),),
        "travel": (("Night train north", "We woke up to snow in the window. The dining car had good coffee."),),
        "winter_sports": (("On the track", "Twenty kilometres on skis and only two falls."),),
        "pets": (("Travelling with a dachshund", "He slept on the train and sniffed every lamp post in town."),),
    },
}

MENTIONS: dict[str, tuple[str, ...]] = {
    "fi": (
        "{hotel} ja maailman paras aamiainen. [Karjalanpiirakat!|Syön täällä lounaaseen asti.]", "Yö {missa}, Kaislakuun sauna ja hiljaisuus. [Suosittelen.|Akut ladattu.]",
        "Kaislakuu, hissi on taas rikki. [Kuudes kerros kiittää.|Portaat tulivat tutuiksi.]", "Söin {rmissa} siikaa. [Palaan varmasti.|Annos oli pieni mutta hyvä.]",
        "Huomio Kaislakuu: {gen} hotellin yövuoro ansaitsee mitalin.", "Miksi Kaislakuun verkkosivu unohtaa päivämäärät joka kerta?", "Kaislakuun aulassa soi joululaulu. On [lokakuu|marraskuu].",
        "Kaislakuu osaa: [huone oli valmis jo puoliltapäivin|laukut odottivat huoneessa|lapsi sai oman kylpytakin].", "Onko muilla ollut Kaislakuun [sovelluksen|avainkortin|pysäköintiportin] kanssa ongelmia?",
        "{gen} Kaislakuu, terveiset aamiaishuoneeseen: [puuro on täydellistä|kahvi saisi olla vahvempaa|leipävalikoima on vertaansa vailla].", "Kaislakuun sänky voitti kodin sängyn [2–0|selvin numeroin].",
        "Pelimatkalla {missa}, majoitus tietysti Kaislakuussa. [Hyvä me!|Ääni lähti, mutta uni maistui.]",
    ),
    "sv": (
        "{hotel} har den bästa frukosten. [Karelska piroger!|Jag sitter här till lunch.]", "En natt i {city}, bastu på Kaislakuu och tystnad. Rekommenderas.",
        "Kaislakuu, hissen är trasig igen. Sjätte våningen tackar.", "Jag åt sik på {rest}. Kommer säkert tillbaka.", "Varför glömmer Kaislakuus webbplats datumen varje gång?",
        "Kaislakuus säng slog min egen med [2–0|bred marginal].", "Frukosten på Kaislakuu i {city}: [gröten är perfekt|kaffet kunde vara starkare].",
    ),
    "en": (
        "{hotel} does the best breakfast in town. Rice pies!", "One night in {city}, the sauna at Kaislakuu and silence. Recommended.",
        "Dear Kaislakuu, the lift is out again. Greetings from the sixth floor.", "Whitefish at {rest} was excellent.", "Kaislakuu night porter in {city}: give that person a medal.",
        "Best sleep in months at {hotel}. [What is that mattress?|The curtains really work.]", "Breakfast at Kaislakuu in {city}: [the porridge is perfect|the coffee could be stronger].",
    ),
}  # fmt: skip

OPENINGS: dict[str, tuple[str, ...]] = {
    "fi": (
        "",
        "",
        "Pitkästä aikaa kirjoitan taas.",
        "Terveisiä täältä!",
        "Lupasin kertoa, joten tässä.",
        "Lyhyt merkintä tällä kertaa.",
        "Mikä viikko!",
    ),
    "sv": (
        "",
        "",
        "Det var länge sedan jag skrev.",
        "Hälsningar härifrån!",
        "Jag lovade berätta, så här kommer det.",
        "Bara en kort anteckning.",
        "Vilken vecka!",
    ),
    "en": (
        "",
        "",
        "It has been a while.",
        "Greetings!",
        "I promised to tell you, so here it is.",
        "Just a short note.",
        "What a week!",
    ),
}

CLOSINGS: dict[str, tuple[str, ...]] = {
    "fi": (
        "",
        "",
        "Mitä te olette puuhanneet?",
        "Kuvia lisään myöhemmin.",
        "Ensi kerralla enemmän.",
        "Suosittelen kaikille.",
        "Kahvi odottaa, palataan.",
    ),
    "sv": (
        "",
        "",
        "Vad har ni haft för er?",
        "Bilder kommer senare.",
        "Mer nästa gång.",
        "Jag rekommenderar det varmt.",
        "Kaffet väntar, på återseende.",
    ),
    "en": (
        "",
        "",
        "What have you been up to?",
        "Pictures will follow.",
        "More next time.",
        "Highly recommended.",
        "Coffee is ready, see you.",
    ),
}

CHAIN_POSTS: tuple[tuple[str, str], ...] = (
    ("Kattosauna avautuu", "Helsingin hotellin kattosauna avautuu ensi viikolla. Näkymä ulottuu merelle asti."),
    ("Uusi lounaslista", "Keittiömestarimme kokosi kevään lounaslistan. Lohikeitto on mukana joka päivä."),
    ("Jääkiekkoillat palaavat", "Ottelupäivinä kuljetus areenalle lähtee hotellin ovelta."),
    ("Kesä jokirannassa", "Turun terassi avataan toukokuussa. Musiikkia joka torstai."),
    ("Näin syntyy karjalanpiirakka", "Kävimme leipomossa kello neljä aamulla ja opimme rypyttämään."),
    ("Koirat tervetulleita", "Lemmikkihuoneita on nyt jokaisessa hotellissa."),
    ("Revontulet Rovaniemellä", "Vastaanotto soittaa huoneeseen, kun taivas syttyy."),
    ("Oopperaviikonloppu", "Huone, aamiainen ja väliaikatarjoilu samassa paketissa."),
    ("Hiljainen kerros", "[Oulun|Tampereen] hotellissa on nyt kerros, jossa matkapuhelimet pysyvät äänettöminä."),
    ("Siikaviikko", "Kaisla & Kala tarjoaa siikaa viidellä tavalla [koko viikon|sunnuntaihin asti]."),
    ("Sähköauton lataus", "Jokaisessa hallissamme on nyt [kuusi|kahdeksan] latauspistettä."),
    (
        "Perhehuoneet uusittiin",
        "Kerrossängyt, hämärävalo ja iltasatu puhelimessa. [Lapset testasivat ensin.|Valitse oma satusi.]",
    ),
    ("Vuoden vastaanottovirkailija", "Yövuoron sankari löysi aulaan pudonneen hanskan omistajan. Onnittelut!"),
    ("Kesämenu", "Uudet perunat, silli ja mansikat. [Listalla juhannukseen asti.|Pöydän voi varata verkosta.]"),
    (
        "Kylmäallas Tampereella",
        "Saunan viereen rakennettiin kahdeksanasteinen allas. [Uskallatko?|Ensikertalainen saa teekupin.]",
    ),
    ("Aamiaisen salaisuus", "Puuro keitetään hitaasti ja hillo tulee naapurikylästä."),
)

COMMENTS: dict[str, tuple[str, ...]] = {
    "fi": (
        "[Hienoa!|Mahtavaa!] Tulemme heti kokeilemaan.",
        "Milloin sama saadaan Ouluun?",
        "Olimme tässä viime kuussa, [lämmin suositus|ihana paikka].",
        "Kuuluuko tämä huoneen hintaan?",
        "Viimeksi jono oli pitkä, mutta odotus kannatti.",
        "Kiitos, tätä on toivottu!",
        "[Viemme|Vien] lapset mukaan.",
        "Onko paikkoja vielä [viikonlopuksi|ensi kuuksi]?",
        "Harmi, että Rovaniemelle on niin pitkä matka.",
        "[Jaettu|Lähetetty] kavereille!",
        "Toivottavasti tämä jatkuu myös talvella.",
    ),
    "sv": (
        "[Vad roligt!|Härligt!] Vi kommer och provar.",
        "När kommer det här till Åbo?",
        "Vi var där förra månaden, varmt rekommenderat.",
        "Ingår det i rumspriset?",
        "Vi tar barnen med.",
        "Finns det plats [till helgen|nästa månad]?",
        "Hoppas det fortsätter också i vinter.",
    ),
    "en": (
        "[Lovely!|Great news!] We will try it.",
        "Will this come to Tampere too?",
        "We were there last month, warmly recommended.",
        "Is it included in the room rate?",
        "[Sharing this|Telling everyone].",
        "Any places left [this weekend|next month]?",
        "We are bringing the children.",
    ),
}
