"""Every state of the world in the registry that ships: that it is there, and that texts in six languages find it."""

from datetime import date

import pytest

from timeline.tagging.actors import ActorFinder
from timeline.tagging.places import PlaceFinder
from timeline.tagging.records import Document
from timeline.tagging.registry_files import LANGUAGES, load_registry
from timeline.tagging.sentences import SentenceFinder

DAY = date(2025, 6, 23)
REGISTRY = load_registry()
FINDER, PLACES = ActorFinder(REGISTRY), PlaceFinder(REGISTRY)
STATES = {actor.country: actor for actor in REGISTRY.actors.values() if actor.kind == "state"}
# ISO 3166-1 alpha-3 of the 193 members of the United Nations.
MEMBERS = {
    "AFG", "AGO", "ALB", "AND", "ARE", "ARG", "ARM", "ATG", "AUS", "AUT", "AZE", "BDI", "BEL", "BEN", "BFA", "BGD",
    "BGR", "BHR", "BHS", "BIH", "BLR", "BLZ", "BOL", "BRA", "BRB", "BRN", "BTN", "BWA", "CAF", "CAN", "CHE", "CHL",
    "CHN", "CIV", "CMR", "COD", "COG", "COL", "COM", "CPV", "CRI", "CUB", "CYP", "CZE", "DEU", "DJI", "DMA", "DNK",
    "DOM", "DZA", "ECU", "EGY", "ERI", "ESP", "EST", "ETH", "FIN", "FJI", "FRA", "FSM", "GAB", "GBR", "GEO", "GHA",
    "GIN", "GMB", "GNB", "GNQ", "GRC", "GRD", "GTM", "GUY", "HND", "HRV", "HTI", "HUN", "IDN", "IND", "IRL", "IRN",
    "IRQ", "ISL", "ISR", "ITA", "JAM", "JOR", "JPN", "KAZ", "KEN", "KGZ", "KHM", "KIR", "KNA", "KOR", "KWT", "LAO",
    "LBN", "LBR", "LBY", "LCA", "LIE", "LKA", "LSO", "LTU", "LUX", "LVA", "MAR", "MCO", "MDA", "MDG", "MDV", "MEX",
    "MHL", "MKD", "MLI", "MLT", "MMR", "MNE", "MNG", "MOZ", "MRT", "MUS", "MWI", "MYS", "NAM", "NER", "NGA", "NIC",
    "NLD", "NOR", "NPL", "NRU", "NZL", "OMN", "PAK", "PAN", "PER", "PHL", "PLW", "PNG", "POL", "PRK", "PRT", "PRY",
    "QAT", "ROU", "RUS", "RWA", "SAU", "SDN", "SEN", "SGP", "SLB", "SLE", "SLV", "SMR", "SOM", "SRB", "SSD", "STP",
    "SUR", "SVK", "SVN", "SWE", "SWZ", "SYC", "SYR", "TCD", "TGO", "THA", "TJK", "TKM", "TLS", "TON", "TTO", "TUN",
    "TUR", "TUV", "TZA", "UGA", "UKR", "URY", "USA", "UZB", "VCT", "VEN", "VNM", "VUT", "WSM", "YEM", "ZAF", "ZMB",
    "ZWE",
}  # fmt: skip
OTHERS = {"VAT", "PSE", "XKX", "TWN", "ESH", "HKG", "MAC", "GRL", "PRI"}
GONE = {"SUN", "CSK", "YUG", "SCG", "DDR", "VDR", "RVN", "YMD"}
# Both Congos are Congolese, Dominica and the Dominican Republic Dominican: the larger state has the word.
WITHOUT_DEMONYM = {"COG", "DMA"}
# Their capital goes by the state's name, or is mostly another town's name or a word ("Victoria", "Male").
WITHOUT_CAPITAL = {
    "ATG", "BEL", "BHS", "COM", "CRI", "DJI", "DMA", "GRD", "GUY", "JAM", "KIR", "LUX", "MCO", "MDV", "NLD", "NRU",
    "SGP", "SMR", "STP", "SYC",
}  # fmt: skip


def found(text: str, lang: str) -> list[str]:
    """Whom the actors of a text stand for; what only describes is left out."""
    document = Document(text, DAY, lang)
    mentions = FINDER.find(document, SentenceFinder().find(document))
    return [mention.stands_for for mention in mentions if mention.rule != "attributive"]


def places(text: str) -> list[str]:
    document = Document(text, DAY, "en")
    sentences = SentenceFinder().find(document)
    return [mention.place for mention in PLACES.find(document, sentences, FINDER.find(document, sentences))]


def test_it_knows_every_state_by_a_code_of_its_own() -> None:
    assert len(MEMBERS) == 193
    assert (MEMBERS | OTHERS | GONE) - set(STATES) == set()
    assert len(STATES) == sum(actor.kind == "state" for actor in REGISTRY.actors.values())


@pytest.mark.parametrize(("kind", "without"), [("demonym", WITHOUT_DEMONYM), ("capital", WITHOUT_CAPITAL)])
def test_it_knows_people_and_capital_of_every_member(kind: str, without: set[str]) -> None:
    has = {code for code in MEMBERS if any(a.kind == kind and a.lang == "en" for a in STATES[code].aliases)}
    assert MEMBERS - has == without


def test_it_has_a_capital_only_where_it_acts_as_a_government() -> None:
    rules = {alias.rule for state in STATES.values() for alias in state.aliases if alias.kind == "capital"}
    assert rules == {"government"}


def test_it_finds_every_state_by_its_first_name_in_every_language() -> None:
    lost = []
    for state in STATES.values():
        for lang in LANGUAGES:
            name = next(alias.text for alias in state.aliases if alias.lang == lang)
            if found(f"{name}.", lang) != [state.slug]:
                lost.append((state.slug, lang, found(f"{name}.", lang)))
    assert lost == []


@pytest.mark.parametrize(
    ("lang", "text", "slug"),
    [
        ("en", "Nigerian troops crossed the border.", "nigeria"),
        ("en", "The Ethiopian government protested.", "ethiopia"),
        ("en", "Hungary's foreign ministry declined.", "hungary"),
        ("en", "The South Sudanese president signed.", "south-sudan"),
        ("en", "The president of Colombia left.", "colombia"),
        ("en", "Ivorian authorities released them.", "ivory-coast"),
        ("en", "Kigali rejected the report.", "rwanda"),
        ("en", "The Palestinian foreign ministry answered.", "palestine"),
        ("fr", "Les troupes nigérianes avancent.", "nigeria"),
        ("fr", "Le gouvernement éthiopien proteste.", "ethiopia"),
        ("fr", "Le ministère hongrois des Affaires étrangères décline.", "hungary"),
        ("fr", "Le président nigérien signe.", "niger"),
        ("fr", "Le président de la Colombie part.", "colombia"),
        ("fr", "Kigali rejette le rapport.", "rwanda"),
        ("ar", "عبرت القوات النيجيرية الحدود", "nigeria"),
        ("ar", "احتجت الحكومة الإثيوبية", "ethiopia"),
        ("ar", "رفضت وزارة الخارجية السنغالية", "senegal"),
        ("ar", "وقع الرئيس الكولومبي", "colombia"),
        ("ar", "أعلن رئيس تونس", "tunisia"),
        ("ar", "كيغالي ترفض التقرير", "rwanda"),
        ("fa", "نیروهای نیجریه از مرز گذشتند", "nigeria"),
        ("fa", "دولت اتیوپی اعتراض کرد", "ethiopia"),
        ("fa", "وزارت خارجه مجارستان رد کرد", "hungary"),
        ("fa", "رئیس جمهور کلمبیا رفت", "colombia"),
        ("fa", "سربازان سودانی عقب نشستند", "sudan"),
        ("ru", "Нигерийские войска перешли границу.", "nigeria"),
        ("ru", "Правительство Эфиопии протестует.", "ethiopia"),
        ("ru", "МИД Венгрии отказался.", "hungary"),
        ("ru", "Это передали колумбийскому президенту.", "colombia"),
        ("ru", "Переговоры с Грузией продолжаются.", "georgia"),
        ("ru", "Кигали отвергла доклад.", "rwanda"),
        ("he", "כוחות ניגריים חצו את הגבול", "nigeria"),
        ("he", "ממשלת אתיופיה מחתה", "ethiopia"),
        ("he", "משרד החוץ ההונגרי סירב", "hungary"),
        ("he", "נשיא קולומביה עזב", "colombia"),
        ("he", "השיחות בסודן נמשכות", "sudan"),
    ],
)
def test_it_takes_the_parts_of_a_government_for_the_state(lang: str, text: str, slug: str) -> None:
    assert slug in found(text, lang)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea met.",
         ["guinea", "guinea-bissau", "equatorial-guinea", "papua-new-guinea"]),
        ("The Republic of the Congo and the Democratic Republic of the Congo agreed.",
         ["congo-brazzaville", "dr-congo"]),
        ("South Sudan accused Sudan.", ["south-sudan", "sudan"]),
        ("Niger accused Nigeria, and Nigerian officials answered the Nigeriens.",
         ["niger", "nigeria", "nigeria", "niger"]),
        ("The Dominican Republic accused Dominica.", ["dominican-republic", "dominica"]),
        ("Samoa, not American Samoa, agreed.", ["samoa"]),
        ("Chad accused Jordan.", ["chad", "jordan"]),
        ("In 2015 the golfer Jordan Spieth won, and Georgia O'Keeffe painted flowers long before.", []),
        ("The Jordan Armed Forces answered.", ["jordan"]),
        ("Georgia accused Russia.", ["georgia", "russia"]),
        ("Georgia Senate runoffs and the University of Georgia were in the news.", []),
        ("Ships left the Gulf of Mexico, the Gulf of Guinea and the South China Sea.", []),
        ("The streets of the capital Bangui were calm.", []),
        ("The former Soviet republics and former Yugoslavia changed.", []),
        ("The Soviet Union accused Czechoslovakia and East German officials.",
         ["soviet-union", "czechoslovakia", "east-germany"]),
        ("Zaire accused Burma, and Rhodesia accused Ceylon.", ["dr-congo", "myanmar", "zimbabwe", "sri-lanka"]),
        ("He fed the turkey in chad and male dress.", []),
    ],
)  # fmt: skip
def test_it_tells_states_apart_and_from_what_is_none(text: str, slugs: list[str]) -> None:
    assert found(text, "en") == slugs


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Ethnic Kazakhs settled there.", "people"),
        ("An ethnic Vietnamese bloc voted.", "people"),
        ("The Montevideo Convention was signed.", "attributive"),
        ("The Lisbon Treaty was signed.", None),
        ("It was closed in the Soviet era.", "attributive"),
    ],
)
def test_it_tells_peoples_treaties_and_eras_from_states(text: str, rule: str | None) -> None:
    document = Document(text, DAY)
    mentions = FINDER.find(document, SentenceFinder().find(document))
    assert [mention.rule for mention in mentions] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "La grenade a explosé ; Maurice est parti."),
        ("ar", "الدعم المالي ومجرى النهر وأغاني"),
        ("fa", "سرمایه مالی شرکت"),
        ("ru", "Мало кто знает. Того же мнения эксперты."),
        ("he", "מסרו כי נדקר אדם ליד כלוב"),
    ],
)
def test_it_takes_no_common_word_for_a_state(lang: str, text: str) -> None:
    assert found(text, lang) == []


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Ships sank in the Gulf of Mexico.", ["gulf-of-mexico"]),
        ("Fighting broke out near Bangui.", ["bangui"]),
        ("He spoke in Kingston, Jamaica, and in Kingston.", ["kingston-jamaica"]),
        ("They met in chad and male dress in New Mexico.", []),
        ("The president of the Republic of the Congo spoke.", ["congo-brazzaville"]),
    ],
)
def test_it_finds_places_of_the_whole_world(text: str, slugs: list[str]) -> None:
    assert places(text) == slugs
