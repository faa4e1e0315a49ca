"""Numbers of persons of other countries by their check digits, reserve numbers, telephone numbers, other spellings."""

import pytest

FOREIGN = {
    "Norway": ["01010750160", "010107 50160"],
    "Finland": ["131052-308T", "131052A308T"],
    "Denmark": ["070761-4285"],
    "United Kingdom": ["943 476 5919", "943-476-5919", "NHS number: 9434765919"],
    "France": ["2 55 08 14 168 025 38", "255081416802538"],
    "Germany": ["A123456780"],
    "reserve number": ["19121212-TF12", "121212-A123"],
}
OTHERS = ["01010750161", "131052-308U", "943 476 5918", "255081416802539", "A123456789", "19121312-TF12", "9434765919"]
TELEPHONES = ["070-174 06 05", "0701740605", "018-611 00 00", "08-123 456 78", "+46 70 174 06 05", "+358 40 123 4567"]
SPELLINGS = [
    "12.12.12-1212",
    "1912/12/12-1212",
    "1912-12-12 1212",
    "121212_1212",
    "121212--1212",
    "12 12 12 - 1212",
    "3132313231322d31323132",
    "0x31323132313231323132",
    "MTIxMjEyLTEyMTI=",
    "MTIxMjEyMTIxMg",
]


@pytest.mark.parametrize("number", [number for numbers in FOREIGN.values() for number in numbers])
def test_numbers_of_other_countries(kinds, number):
    assert "foreign_number" in kinds(f"seen {number} today\n".encode())


@pytest.mark.parametrize("number", OTHERS)
def test_numbers_without_a_right_check_digit_or_date_are_none(kinds, number):
    assert "foreign_number" not in kinds(f"seen {number} today\n".encode())


@pytest.mark.parametrize("number", TELEPHONES)
def test_telephone_numbers(kinds, number):
    assert kinds(f"call {number} today\n".encode()) == {"telephone_number"}


@pytest.mark.parametrize(
    "text", ["0.0701740605", "chr7:55019017-55211628", "c.2573+4670174060", "ENSG00000146648", "1:0701740605"]
)
def test_positions_and_fractions_are_no_numbers_of_anybody(kinds, text):
    assert kinds(f"at {text} there\n".encode()) == set()


@pytest.mark.parametrize("number", SPELLINGS)
def test_personal_numbers_in_other_spellings(kinds, number):
    assert "personal_number" in kinds(f"seen {number} today\n".encode())


@pytest.mark.parametrize("address", ["anna(at)clinic.se", "anna@kliník.se", '"anna b"@clinic.se'])
def test_addresses_in_other_spellings(kinds, address):
    assert kinds(f"write to {address} today\n".encode()) == {"email_address"}
