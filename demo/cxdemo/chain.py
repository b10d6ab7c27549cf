"""The invented chain: hotels, restaurants, own addresses and numbers, staff."""

from dataclasses import dataclass

NAME = "Kaislakuu"
DOMAIN = "kaislakuu.example"
SITE = f"https://www.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Hotel:
    code: str
    city: str
    city_sv: str
    missa: str  # in the city, Finnish
    mihin: str  # to the city
    mista: str  # from the city
    genitive: str
    area: str  # landline area code without the leading zero
    number: str  # own E.164 number
    guest_base: int  # guest ids start here, so the same person has another id in another hotel

    @property
    def name(self) -> str:
        return f"{NAME} {self.city}"


HOTELS = (
    Hotel(
        "HEL",
        "Helsinki",
        "Helsingfors",
        "Helsingissä",
        "Helsinkiin",
        "Helsingistä",
        "Helsingin",
        "9",
        "+358942700100",
        100000,
    ),
    Hotel(
        "TMP",
        "Tampere",
        "Tammerfors",
        "Tampereella",
        "Tampereelle",
        "Tampereelta",
        "Tampereen",
        "3",
        "+358342700200",
        40000,
    ),
    Hotel("TKU", "Turku", "Åbo", "Turussa", "Turkuun", "Turusta", "Turun", "2", "+358242700300", 7000),
    Hotel("OUL", "Oulu", "Uleåborg", "Oulussa", "Ouluun", "Oulusta", "Oulun", "8", "+358842700400", 530000),
    Hotel(
        "RVN",
        "Rovaniemi",
        "Rovaniemi",
        "Rovaniemellä",
        "Rovaniemelle",
        "Rovaniemeltä",
        "Rovaniemen",
        "16",
        "+3581642700500",
        2000,
    ),
)
HOTEL_WEIGHTS = (34, 24, 17, 14, 11)


@dataclass(frozen=True, slots=True)
class Restaurant:
    code: str
    name: str
    hotel: Hotel
    missa: str
    mihin: str
    genitive: str


RESTAURANTS = (
    Restaurant("KUU", "Kuunsilta", HOTELS[0], "Kuunsillassa", "Kuunsiltaan", "Kuunsillan"),
    Restaurant("KAL", "Kaisla & Kala", HOTELS[0], "Kaisla & Kalassa", "Kaisla & Kalaan", "Kaisla & Kalan"),
    Restaurant("TER", "Tervakuu", HOTELS[3], "Tervakuussa", "Tervakuuhun", "Tervakuun"),
    Restaurant("HII", "Hiidentuli", HOTELS[1], "Hiidentulessa", "Hiidentuleen", "Hiidentulen"),
    Restaurant("JOK", "Jokituuli", HOTELS[2], "Jokituulessa", "Jokituuleen", "Jokituulen"),
    Restaurant("LUM", "Lumikaisla", HOTELS[4], "Lumikaislassa", "Lumikaislaan", "Lumikaislan"),
)

SERVICE = f"asiakaspalvelu@{DOMAIN}"
BOOKINGS = f"varaukset@{DOMAIN}"
INFO = f"info@{DOMAIN}"
TABLES = f"ravintolat@{DOMAIN}"
INVOICES = f"laskutus@{DOMAIN}"
NEWS = f"uutiskirje@{DOMAIN}"

ADDRESS_NAMES = {
    SERVICE: f"{NAME} asiakaspalvelu",
    BOOKINGS: f"{NAME} varaukset",
    INFO: f"{NAME} Hotellit",
    TABLES: f"{NAME} ravintolat",
    INVOICES: f"{NAME} laskutus",
    NEWS: f"{NAME} Hotellit",
}


@dataclass(frozen=True, slots=True)
class Agent:
    id: str
    name: str
    extension: str


AGENTS = (
    Agent("a01", "Henna Aaltonen", "201"),
    Agent("a02", "Joonas Peltola", "202"),
    Agent("a03", "Minttu Salmela", "203"),
    Agent("a04", "Fredrik Holmberg", "204"),
    Agent("a05", "Riikka Toivola", "205"),
    Agent("a06", "Oskari Niemelä", "206"),
    Agent("a07", "Saga Westerlund", "207"),
    Agent("a08", "Tuukka Harjula", "208"),
    Agent("a09", "Emmi Koskela", "209"),
    Agent("a10", "Jesper Ekholm", "210"),
)

MENU = (
    ("Lohikeitto", 16.9), ("Siika ja tilliperunat", 27.5), ("Poronkäristys", 29.9), ("Hampurilainen", 19.5),
    ("Kasvislasagne", 18.0), ("Ahvenfilee", 28.5), ("Häränrinta", 31.0), ("Sienirisotto", 21.0),
    ("Mustikkapiirakka", 8.9), ("Jäätelö", 7.5), ("Leipäjuusto ja lakka", 10.5), ("Kahvi", 3.9),
    ("Kotikalja", 4.5), ("Valkoviini 12 cl", 9.8), ("Punaviini 12 cl", 9.8), ("Talon olut", 7.9), ("Mineraalivesi", 4.2),
)  # fmt: skip

ROOM_TYPES = (
    ("Standard", 119.0),
    ("Standard Twin", 125.0),
    ("Superior", 149.0),
    ("Perhehuone", 179.0),
    ("Sviitti", 289.0),
)
