"""First names, surnames, nicknames that are really used, and firm names, in Finnish, Swedish and English."""
# ruff: noqa: SIM905  long lists of names read better as words

FIRST: dict[tuple[str, str], tuple[str, ...]] = {
    ("fi", "f"): tuple(
        "Anna Maria Katariina Johanna Susanna Kristiina Marika Sari Päivi Tuula Tiina Minna Heidi Laura Emilia Eveliina Noora "
        "Jenni Hanna Riikka Kirsi Satu Merja Ritva Pirjo Leena Marjatta Aino Helmi Venla Iida Siiri Veera Outi Anne Mervi Terhi "
        "Ulla Eija Raija Kaisa Milla Salla Suvi Elina Reetta Piia Mirja Marja Sanna Taina Virpi Ella Oona Pinja Sini".split()
    ),
    ("fi", "m"): tuple(
        "Juhani Johannes Mikael Olavi Antero Tapani Kalevi Tuomas Timo Jari Pekka Matti Antti Ville Juha Mika Heikki Kari Petri "
        "Markku Sami Janne Marko Jukka Tero Lauri Eetu Onni Aleksi Veeti Niko Joona Eemeli Teemu Ilkka Esa Hannu Risto Seppo "
        "Veikko Pentti Tommi Toni Kimmo Arto Harri Vesa Pasi Jouni Jarmo Otto Aapo Miika Santeri Henri Petteri Samuli".split()
    ),
    ("sv", "f"): tuple(
        "Margareta Elisabeth Kristina Charlotta Magdalena Maria Ulrika Gunilla Camilla Linda Sofia Ida Emma Ebba Annika Monica "
        "Carola Susanne Åsa Marina Petra Helena Johanna Karin Ingrid Birgitta Britt Frida Hedda Amanda Mikaela Malin".split()
    ),
    ("sv", "m"): tuple(
        "Lars Nils Bengt Karl Johan Gustav Alexander Sebastian Emil Axel Anders Mats Stefan Björn Jan Henrik Kaj Kim Oskar Rasmus "
        "Robin Fredrik Mikael Patrik Ulf Göran Håkan Tom Viktor Kristian Peter Jonas".split()
    ),
    ("en", "f"): tuple(
        "Elizabeth Katherine Margaret Susan Jennifer Rebecca Victoria Patricia Emily Grace Charlotte Hannah Olivia Fiona "
        "Priya Mei Aisha Claire Julia Chloe".split()
    ),
    ("en", "m"): tuple(
        "William Robert Michael Thomas James Richard Edward Daniel Andrew Christopher Matthew Benjamin George Oliver Samuel "
        "Rajesh Liam Marcus Peter Simon".split()
    ),
}

LAST: dict[str, tuple[str, ...]] = {
    "fi": tuple(
        "Korhonen Virtanen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen Saarinen Salminen "
        "Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Salo Laitinen Tuominen Rantanen Karjalainen Jokinen Mattila Savolainen "
        "Lahtinen Ahonen Ojala Leppänen Väisänen Hiltunen Kallio Miettinen Leinonen Pitkänen Aaltonen Manninen Koivisto Hakala "
        "Anttila Laaksonen Hirvonen Räsänen Lehto Laakso Toivonen Rantala Mustonen Aalto Peltonen Moilanen Mäkinen Vainio "
        "Hänninen Seppälä Kettunen Kemppainen Pesonen Partanen Väänänen Kärkkäinen Pelkonen Ranta Vuorinen Niskanen Mikkonen "
        "Oksanen Nurmi Lindström Pulkkinen Kauppinen Eskola Siltanen Häkkinen Tikkanen Suominen Ylönen Törmänen Hyvönen Kivelä "
        "Ruotsalainen Sillanpää Immonen Kukkonen Parviainen Saari Nykänen Juntunen Huttunen Paananen Määttä Ristola Haapala "
        "Pöyhönen Vähäkangas Yli-Hukkala Ala-Mursula Äijälä".split()
    ),
    "sv": tuple(
        "Johansson Nyman Lindholm Karlsson Andersson Lindqvist Eriksson Lindroos Holm Nyström Sundström Söderholm Sjöberg Björklund "
        "Grönroos Ekström Åkerlund Öhman Forsman Häggblom Wikström Backman Nordström Sandberg Lundqvist Engblom Granlund Österman "
        "Blomqvist Ström Hägglund Mattsson Åström Strandberg Fagerström Wiklund".split()
    ),
    "en": tuple(
        "Smith Taylor Walker Thompson Wright Bennett Foster Hughes Murphy Campbell Patel Chen Okafor Sullivan Morrison Fletcher "
        "Barnes Whitfield Carter Doyle Singh Parker Reid Holloway".split()
    ),
}

NICKNAMES: dict[str, tuple[str, ...]] = {
    "Katariina": ("Kati", "Kaisa", "Kata"), "Johanna": ("Hanna", "Jonna"), "Susanna": ("Sanna", "Sussu"),
    "Kristiina": ("Kiti", "Krisse", "Tiina"), "Emilia": ("Emma", "Milla", "Emppu"), "Eveliina": ("Eve", "Evska"),
    "Marjatta": ("Marja",), "Riikka": ("Riksu",), "Heidi": ("Heidu",), "Laura": ("Lara",), "Elina": ("Ellu",), "Noora": ("Noppe",),
    "Juhani": ("Jussi", "Juha"), "Johannes": ("Jussi", "Hannes"), "Mikael": ("Mikko", "Mika", "Micke"), "Tuomas": ("Tomppa", "Tumppi"),
    "Timo": ("Timppa",), "Jari": ("Jartsa",), "Aleksi": ("Ale",), "Antero": ("Antsa", "Antti"), "Tapani": ("Tapsa",),
    "Heikki": ("Hessu",), "Petri": ("Pete",), "Petteri": ("Pete",), "Markku": ("Make",), "Marko": ("Make",), "Kalevi": ("Kale",),
    "Lauri": ("Late", "Lasse"), "Henri": ("Henkka",), "Samuli": ("Samppa",), "Santeri": ("Santtu",), "Olavi": ("Olli",),
    "Veikko": ("Veke",), "Pentti": ("Pena",), "Seppo": ("Sepi",), "Eemeli": ("Eeme",), "Jarmo": ("Jami",), "Harri": ("Hartsa",),
    "Margareta": ("Greta", "Maggan"), "Elisabeth": ("Lisa", "Bettan"), "Kristina": ("Stina", "Kicki"), "Charlotta": ("Lotta",),
    "Magdalena": ("Lena",), "Birgitta": ("Gitta",), "Susanne": ("Sussi",), "Ulrika": ("Ulla",), "Lars": ("Lasse",), "Nils": ("Nisse",),
    "Bengt": ("Benke",), "Karl": ("Kalle",), "Johan": ("Janne", "Jocke"), "Gustav": ("Gusten", "Gurra"), "Alexander": ("Alex",),
    "Sebastian": ("Sebbe",), "Björn": ("Nalle",), "Stefan": ("Steffe",), "Fredrik": ("Fredde",), "Patrik": ("Patte",),
    "William": ("Bill", "Will"), "Elizabeth": ("Liz", "Beth"), "Robert": ("Bob", "Rob"), "Katherine": ("Kate", "Kathy"),
    "Michael": ("Mike",), "Thomas": ("Tom",), "Margaret": ("Maggie", "Peggy"), "James": ("Jim", "Jamie"), "Richard": ("Rick", "Dick"),
    "Susan": ("Sue",), "Edward": ("Ted", "Ed"), "Jennifer": ("Jenny",), "Rebecca": ("Becky",), "Victoria": ("Vicky",),
    "Patricia": ("Pat", "Trish"), "Daniel": ("Dan",), "Andrew": ("Andy",), "Christopher": ("Chris",), "Matthew": ("Matt",),
    "Benjamin": ("Ben",), "Samuel": ("Sam",),
}  # fmt: skip

FIRM_HEADS = tuple(
    "Kivitasku Havulinja Terälehti Vesitorni Rautakanto Pilvisaha Kuparikaari Jäälyhty Saunaseppo Tuohikontti Sammalkivi Merimajakka "
    "Ruskovilla Halkopino Lumilapio Karhunpolku Hopeahauki Kallioimarre Tervaskanto Koivunmahla Myllynratas Vaaralinna Kaarnavene "
    "Tähtikaari Suolaheinä Ruispelto Pakkasyö Honkahovi Sinilevä Puronsolina".split()
)
FIRM_TAILS = (
    "Insinöörit Oy", "Rakennus Oy", "Konsultit Oy", "Logistiikka Oy", "Design Oy", "Tilitoimisto Oy", "Ohjelmistot Oy", "Kuljetus Oy",
)  # fmt: skip
