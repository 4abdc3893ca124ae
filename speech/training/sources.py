"""What may be trained on: sources.tsv."""
import csv
import pathlib

LIST = pathlib.Path(__file__).resolve().parent / "sources.tsv"


class Refused(Exception):
    """A source that may not be used, in words."""


def listed():
    with open(LIST, encoding="utf-8") as file:
        return {row["source"]: row for row in csv.DictReader(file, delimiter="\t")}


def allowed(name):
    """Its row, if weights trained on it may be given on under CC BY-SA 4.0."""
    row = listed().get(name)
    if row is None:
        raise Refused(f"{name}: not in sources.tsv; a source needs a row with its licence there before anything is trained on it")
    if row["may be given on"] != "yes":
        raise Refused(f"{name}: {row['licence']}: weights trained on it may not be given on, or nobody knows")
    return row
