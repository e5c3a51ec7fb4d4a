"""A small registry for the tests of taggers: six states, some of their offices, forces and office holders, some places.

The people are those who held the offices on the days the tests name.
"""

from datetime import date

from timeline.tagging.records import Registry, RegistryActor, RegistryAlias, RegistryPlace, RegistryRole

MONDAY = date(2025, 6, 23)


def alias(text: str, kind: str = "name", lang: str = "en", rule: str = "") -> RegistryAlias:
    return RegistryAlias(text, lang, kind, rule)


def state(slug: str, name: str, country: str, *aliases: RegistryAlias) -> RegistryActor:
    return RegistryActor(slug, name, "state", "GOV", country, aliases=(alias(name), *aliases))


def body(slug: str, name: str, parent: str, *aliases: RegistryAlias, kind: str = "organisation") -> RegistryActor:
    return RegistryActor(slug, name, kind, "GOV", "", parent=parent, aliases=(alias(name), *aliases))


def person(slug: str, name: str, roles: tuple[RegistryRole, ...], *aliases: RegistryAlias) -> RegistryActor:
    return RegistryActor(slug, name, "person", "GOV", "", roles=roles, aliases=(alias(name), *aliases))


def role(title: str, organisation: str, first: date, last: date | None = None) -> RegistryRole:
    return RegistryRole(organisation, title, first, last)


ACTORS = (
    state(
        "iran",
        "Iran",
        "IRN",
        alias("Iranian", "demonym"),
        alias("Iranians", "demonym"),
        alias("Tehran", "capital", rule="government"),
        alias("Islamic Republic"),
        alias("iranien", "demonym", "fr"),
        alias("Téhéran", "capital", "fr", "government"),
        alias("إيران", lang="ar"),
        alias("الإيراني", "demonym", "ar"),
        alias("طهران", "capital", "ar", "government"),
        alias("ایران", lang="fa"),
        alias("تهران", "capital", "fa", "government"),
        alias("Иран", lang="ru"),
        alias("иранский", "demonym", "ru"),
        alias("איראן", lang="he"),
        alias("איראני", "demonym", "he"),
    ),
    state(
        "united-states",
        "United States",
        "USA",
        alias("U.S."),
        alias("US"),
        alias("American", "demonym"),
        alias("Washington", "capital", rule="government"),
        alias("White House", "building", rule="government"),
        alias("الولايات المتحدة", lang="ar"),
        alias("آمریکا", lang="fa"),
        alias("США", lang="ru"),
        alias('ארה"ב', lang="he"),
        alias("États-Unis", lang="fr"),
    ),
    state(
        "russia",
        "Russia",
        "RUS",
        alias("Russian", "demonym"),
        alias("Moscow", "capital", rule="government"),
        alias("Kremlin", "building", rule="government"),
        alias("Россия", lang="ru"),
        alias("Москва", "capital", "ru", "government"),
        alias("russe", "demonym", "fr"),
    ),
    state("israel", "Israel", "ISR", alias("Israeli", "demonym"), alias("Israelis", "demonym")),
    state("oman", "Oman", "OMN", alias("Omani", "demonym")),
    state("jordan", "Jordan", "JOR", alias("Jordanian", "demonym")),
    body("iran-mfa", "Iranian Foreign Ministry", "iran"),
    body("irgc", "Revolutionary Guards", "iran", alias("IRGC", "acronym")),
    body("office-of-the-leader", "Office of the Supreme Leader", "iran"),
    body("state-department", "State Department", "united-states"),
    body("us-military", "U.S. military", "united-states"),
    body("russia-mfa", "Russian Foreign Ministry", "russia"),
    body("israel-mod", "Israeli Defense Ministry", "israel"),
    body("united-nations", "United Nations", "", alias("UN", "acronym"), kind="international"),
    body(
        "iaea", "International Atomic Energy Agency", "united-nations", alias("IAEA", "acronym"), kind="international"
    ),
    person(
        "abbas-araghchi",
        "Abbas Araghchi",
        (role("Minister of Foreign Affairs", "iran-mfa", date(2024, 8, 21)),),
        alias("Abbas Araqchi"),
        alias("Araghchi", "surname"),
        alias("Araqchi", "surname"),
        alias("عباس عراقجي", lang="ar"),
        alias("Аббас Аракчи", lang="ru"),
    ),
    person(
        "ali-khamenei",
        "Ali Khamenei",
        (role("Supreme Leader", "office-of-the-leader", date(1989, 6, 4), date(2026, 2, 28)),),
        alias("Khamenei", "surname"),
    ),
    person(
        "mojtaba-khamenei",
        "Mojtaba Khamenei",
        (role("Supreme Leader", "office-of-the-leader", date(2026, 3, 8)),),
    ),
    person(
        "javad-zarif",
        "Javad Zarif",
        (role("Minister of Foreign Affairs", "iran-mfa", date(2013, 8, 15), date(2021, 8, 25)),),
        alias("Zarif", "surname"),
    ),
    person(
        "donald-trump",
        "Donald Trump",
        (
            role("President", "united-states", date(2025, 1, 20)),
            role("President", "united-states", date(2017, 1, 20), date(2021, 1, 20)),
        ),
        alias("Trump", "surname"),
    ),
    person(
        "marco-rubio",
        "Marco Rubio",
        (role("Secretary of State", "state-department", date(2025, 1, 21)),),
        alias("Rubio", "surname"),
    ),
    person(
        "vladimir-putin",
        "Vladimir Putin",
        (role("President", "russia", date(2012, 5, 7)),),
        alias("Putin", "surname"),
        alias("Владимир Путин", lang="ru"),
    ),
    person(
        "sergei-lavrov",
        "Sergei Lavrov",
        (role("Minister of Foreign Affairs", "russia-mfa", date(2004, 3, 9)),),
        alias("Lavrov", "surname"),
    ),
    person(
        "israel-katz",
        "Israel Katz",
        (role("Minister of Defense", "israel-mod", date(2024, 11, 7)),),
        alias("Katz", "surname", rule="needs-title"),
    ),
    person(
        "rafael-grossi",
        "Rafael Grossi",
        (role("Director General", "iaea", date(2019, 12, 3)),),
        alias("Grossi", "surname"),
    ),
)

PLACES = (
    RegistryPlace("iran", "Iran", "country", "IRN", names={"en": ("Iran",), "fr": ("Iran",), "ru": ("Иран",)}),
    RegistryPlace("oman", "Oman", "country", "OMN", names={"en": ("Oman",)}),
    RegistryPlace(
        "tehran", "Tehran", "capital", "IRN", "iran", 35.69, 51.42, "city", {"en": ("Tehran",), "fa": ("تهران",)}
    ),
    RegistryPlace(
        "moscow", "Moscow", "capital", "RUS", "", 55.75, 37.62, "city", {"en": ("Moscow",), "ru": ("Москва",)}
    ),
    RegistryPlace(
        "natanz",
        "Natanz",
        "nuclear-site",
        "IRN",
        "iran",
        33.72,
        51.73,
        "site",
        {"en": ("Natanz", "Natanz nuclear facility"), "fa": ("نطنز",)},
    ),
    RegistryPlace("strait-of-hormuz", "Strait of Hormuz", "strait", "", names={"en": ("Strait of Hormuz", "Hormuz")}),
    RegistryPlace("gulf-of-oman", "Gulf of Oman", "sea", "", names={"en": ("Gulf of Oman",)}),
)

REGISTRY = Registry({actor.slug: actor for actor in ACTORS}, {place.slug: place for place in PLACES})
