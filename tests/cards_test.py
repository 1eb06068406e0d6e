"""The fruits' cards: docs/format/cards.md's rules, held against data/cards/cards.csv."""

import collections
import csv
import os
import pathlib
import re

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "format" / "cards.md"
FILE = REPOSITORY / "data" / "cards" / "cards.csv"
REAL_DATA = pathlib.Path(
    os.environ.get("POMONA_ANSWERS_DATA", REPOSITORY.parent / "shared" / "data")
)

TEXT = FILE.read_bytes().decode()
CARDS = list(csv.DictReader(TEXT.splitlines(), strict=True))

ALWAYS = ["id", "labels", "name_en", "name_fr", "scientific_name", "family", "licence"]
# A species, a cross of two, or the genera that share a name; an author's would have a capital.
SPECIES = r"[A-Z][a-z]+ (× )?[a-z-]+( var\. [a-z]+)?"
SCIENTIFIC_NAME = rf"{SPECIES}( × {SPECIES})?|[A-Z][a-z]+(, [A-Z][a-z]+)+"

# All 131 classes of fruits-360, as released in 2020: a fruit with what else its classes are called.
FRUITS_360 = """
Apple Braeburn|Crimson Snow|Golden 1|Golden 2|Golden 3|Granny Smith|Pink Lady|Red 1|Red 2|Red 3
Apple Red Delicious|Red Yellow 1|Red Yellow 2
Avocado|ripe
Banana|Lady Finger|Red
Cantaloupe 1|2
Cherry 1|2|Rainier|Wax Black|Wax Red|Wax Yellow
Corn|Husk
Cucumber Ripe|Ripe 2
Grape Blue|Pink|White|White 2|White 3|White 4
Grapefruit Pink|White
Lemon|Meyer
Mango|Red
Nectarine|Flat
Nut Forest|Pecan
Onion Red|Red Peeled|White
Peach|2|Flat
Pear|2|Abate|Forelle|Kaiser|Monster|Red|Stone|Williams
Pepper Green|Orange|Red|Yellow
Physalis|with Husk
Pineapple|Mini
Plum|2|3
Potato Red|Red Washed|Sweet|White
Strawberry|Wedge
Tomato 1|2|3|4|Cherry Red|Heart|Maroon|Yellow|not Ripened
"""
ALONE = """
Apricot|Beetroot|Blueberry|Cactus fruit|Carambula|Cauliflower|Chestnut|Clementine|Cocos|Dates
Eggplant|Fig|Ginger Root|Granadilla|Guava|Hazelnut|Huckleberry|Kaki|Kiwi|Kohlrabi|Kumquats
Limes|Lychee|Mandarine|Mangostan|Maracuja|Melon Piel de Sapo|Mulberry|Orange|Papaya
Passion Fruit|Pepino|Pitahaya Red|Pomegranate|Pomelo Sweetie|Quince|Rambutan|Raspberry|Redcurrant
Salak|Tamarillo|Tangelo|Walnut|Watermelon
"""


def fruits_360() -> list[str]:
    labels = [label for line in ALONE.split("\n") if line for label in line.split("|")]
    for line in FRUITS_360.strip().split("\n"):
        first, *others = line.split("|")
        fruit = first.split(" ")[0]
        labels += [first, *(f"{fruit} {other}" for other in others)]
    return labels


def labels_of(card: dict) -> list[str]:
    return card["labels"].split(";")


LABELS = {label for card in CARDS for label in labels_of(card)}


def test_the_page_names_every_column_in_its_order():
    table = PAGE.read_text().split("| column |", 1)[1].split("\n\n", 1)[0]
    cells = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert list(CARDS[0]) == named


def test_the_page_counts_the_cards_by_their_sources():
    count = collections.Counter(card["checked"] for card in CARDS)
    seasons = sum(bool(card["season_source"]) for card in CARDS)
    said = (
        f"{len(CARDS)} cards for {len(LABELS)} labels: "
        f"{count['2']} with two sources, {count['1']} with one, {count['0']} with none; "
        f"{seasons} with a season."
    )
    assert said in PAGE.read_text().replace("\n", " ")


def test_every_row_has_a_field_for_every_column():
    assert all(None not in card and None not in card.values() for card in CARDS)


def test_lines_end_as_those_of_the_repository_and_the_last_one_does():
    assert "\r" not in TEXT and TEXT.endswith("\n") and not TEXT.startswith("\ufeff")


def test_cards_are_sorted_by_their_ids():
    ids = [card["id"] for card in CARDS]
    assert sorted(set(ids)) == ids


def test_a_label_is_on_one_card():
    count = collections.Counter(label for card in CARDS for label in labels_of(card))
    assert [label for label, cards in count.items() if cards > 1] == []


def test_fields_are_written_as_the_page_says():
    for card in CARDS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", card["id"])
        assert [name for name in ALWAYS if not card[name]] == [], card["id"]
        assert labels_of(card) == sorted(labels_of(card)) and all(labels_of(card)), card["id"]
        assert all(value == value.strip() and "  " not in value for value in card.values())
        assert re.fullmatch(r"[A-Z][a-z]+aceae", card["family"])
        assert re.fullmatch(SCIENTIFIC_NAME, card["scientific_name"]), card["scientific_name"]


def test_what_is_said_in_one_language_is_said_in_the_other():
    for card in CARDS:
        for what in ("name", "origin", "season", "fact"):
            assert bool(card[f"{what}_en"]) == bool(card[f"{what}_fr"]), (card["id"], what)


def test_nothing_is_said_without_a_source():
    for card in CARDS:
        sources = [card[name] for name in ("source_1", "source_2") if card[name]]
        assert card["checked"] == str(len(sources)), card["id"]
        assert bool(card["source_1"]) == bool(sources), card["id"]
        assert not card["origin_en"] or sources, card["id"]
        assert bool(card["season_en"]) == bool(card["season_source"]), card["id"]
        assert bool(card["fact_en"]) == bool(card["fact_source"]), card["id"]


def test_a_source_is_an_address_and_the_two_are_of_different_pages():
    for card in CARDS:
        for name in ("source_1", "source_2", "fact_source", "season_source"):
            assert re.fullmatch(r"(https?://[\w.-]+(:\d+)?/[!-~]*)?", card[name], re.ASCII), card[
                name
            ]
        pages = [re.sub(r"^https?://(www\.)?", "", card[f"source_{which}"]) for which in "12"]
        assert pages[0] != pages[1], card["id"]


def test_a_text_fits_into_a_phone():
    for card in CARDS:
        for language in ("en", "fr"):
            fact = card[f"fact_{language}"]
            assert len(fact) <= 140 and re.fullmatch(r"(.*[^.]\.)?", fact), fact
            assert not re.search(r"[.!?] \w", fact), fact
            for what, most in (("name", 40), ("origin", 60), ("season", 40)):
                assert len(card[f"{what}_{language}"]) <= most, (card["id"], what)


def test_french_marks_are_not_parted_from_their_words():
    for card in CARDS:
        for name in card:
            if name.endswith("_fr"):
                assert not re.search(r" [;:!?»]|« |\d \d{3}", card[name]), card[name]


def test_there_is_a_card_for_each_class_of_fruits_360():
    assert len(set(fruits_360())) == 131
    assert set(fruits_360()) - LABELS == set()


def test_there_is_a_card_for_each_label_of_the_demo():
    text = (REPOSITORY / "src" / "pomona" / "demo" / "fruit.cc").read_text()
    drawn = set(re.findall(r'\{"([^"]+)", Draw', text))
    assert drawn and drawn - LABELS == set()


@pytest.mark.skipif(not REAL_DATA.is_dir(), reason=f"{REAL_DATA} is missing: no real labels")
def test_there_is_a_card_for_each_label_of_the_real_sets():
    found = set()
    for sets in ("fruits-81/*/*", "apple-varieties/*/*", "bananas/*", "shop-photos/*/*/**"):
        found |= {folder.name for folder in REAL_DATA.glob(sets) if folder.is_dir()}
    found -= {"Fruit", "Vegetables"}
    assert found and found - LABELS == set()
