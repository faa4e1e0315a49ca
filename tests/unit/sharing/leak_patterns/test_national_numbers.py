"""Numbers of persons of other countries by their check digits, reserve numbers, telephone numbers, other spellings."""

import pytest

FOREIGN = {
    "Norway": ["01010750160", "010107 50160"],
    "Finland": ["131052-308T", "131052A308T"],
    "Denmark": ["070761-4285"],
    "United Kingdom": ["943 476 5919", "943-476-5919", "NHS number: 9434765919"],
    "France": ["2 55 08 14 168 025 38", "255081416802538"],
    "Germany": ["A123456780"],
    "German tax": ["86095742719", "47 036 892 816"],
    "Netherlands": ["BSN 111222333", "bsn nr: 123456782", "1112.22.333"],
    "Estonia": ["37605030299", "49403136526"],
    "Lithuania": ["33309240064"],
    "Latvia": ["161175-19997", "320123-45678"],
    "Poland": ["44051401359", "02070803628"],
    "Spain": ["12345678Z", "12345678-z", "X1234567L", "Z-1234567-R"],
    "Italy": ["RSSMRA85T10A562S", "rss mra 85t10 a562s", "MRTMTT25D09F205Z"],
    "Belgium": ["85.07.30-033.28", "85073003328"],
    "Switzerland": ["756.9217.0769.85", "7569217076985"],
    "Austria": ["1237 010180"],
    "reserve number": ["19121212-TF12", "121212-A123", "19121212KX12"],
}
OTHERS = ["01010750161", "131052-308U", "943 476 5918", "255081416802539", "A123456789", "19121312-TF12", "9434765919"]
OTHERS += ["86095742718", "11223344559", "BSN 111222334", "111222333", "37605030298", "161175-19996", "44051401358"]
OTHERS += ["12345678A", "X1234567A", "RSSMRA85T10A562T", "RSSMRA85T45A562S", "85.07.30-033.29", "756.9217.0769.84"]
OTHERS += ["1238 010180", "20241123T0930", "g.12345678T>A", "chr1:12345678T>A", "1-12345678-T-A", "ENST00000380152"]
WRITTEN_IN_OTHER_DIGITS = [
    "４４０５１４０１３５９",
    "١٢٣٤٥٦٧٨Z",
    "<b>12345</b>678Z",
    "1234%35678Z",
    "NDQwNTE0MDEzNTk=",
    "YW5uYUBrLnNl",
]
TELEPHONES = [
    "070-174 06 05",
    "0701740605",
    "018-611 00 00",
    "08-123 456 78",
    "+46 70 174 06 05",
    "+358 40 123 4567",
    "+372 5123 4567",
    "+48 512 345 678",
]
SPELLINGS = [
    "12.12.12-1212",
    "1912/12/12-1212",
    "1912-12-12 1212",
    "121212_1212",
    "121212--1212",
    "12 12 12 - 1212",
    "3132313231322d31323132",
    "0x31323132313231323132",
    "31:32:31:32:31:32:2d:31:32:31:32",
    "31 32 31 32 31 32 31 32 31 32",
    "MTIxMjEyLTEyMTI=",
    "MTIxMjEyMTIxMg",
]


@pytest.mark.parametrize("number", [number for numbers in FOREIGN.values() for number in numbers])
def test_numbers_of_other_countries(kinds, number):
    assert "foreign_number" in kinds(f"seen {number} today\n".encode())


@pytest.mark.parametrize("number", OTHERS)
def test_numbers_without_a_right_check_digit_or_date_are_none(kinds, number):
    assert "foreign_number" not in kinds(f"seen {number} today\n".encode())


@pytest.mark.parametrize("number", WRITTEN_IN_OTHER_DIGITS)
def test_numbers_in_other_digits_and_codes(kinds, number):
    assert kinds(f"seen {number} today\n".encode()) & {"foreign_number", "email_address"}


@pytest.mark.parametrize("number", TELEPHONES)
def test_telephone_numbers(kinds, number):
    assert kinds(f"call {number} today\n".encode()) == {"telephone_number"}


@pytest.mark.parametrize(
    "text",
    [
        "0.0701740605",
        "chr7:55019017-55211628",
        "c.2573+4670174060",
        "ENSG00000146648",
        "1:0701740605",
        "30 31 32 33 34 35 36 37 38 39 30",
    ],
)
def test_positions_and_fractions_are_no_numbers_of_anybody(kinds, text):
    assert kinds(f"at {text} there\n".encode()) == set()


@pytest.mark.parametrize("number", SPELLINGS)
def test_personal_numbers_in_other_spellings(kinds, number):
    assert "personal_number" in kinds(f"seen {number} today\n".encode())


@pytest.mark.parametrize("address", ["anna(at)clinic.se", "anna@kliník.se", '"anna b"@clinic.se'])
def test_addresses_in_other_spellings(kinds, address):
    assert kinds(f"write to {address} today\n".encode()) == {"email_address"}
