"""Migrations are sentences, and there is one line of them."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.house.source import ROOT

OURS = ["accounts", "audit", "issuers", "badges", "assertions"]


def names_of(label: str) -> list[str]:
    folder = ROOT / apps.get_app_config(label).path / "migrations"
    return sorted(path.stem for path in folder.glob("[0-9]*.py"))


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("label", OURS)
def test_migrations_are_named_by_hand(label):
    nameless = [name for name in names_of(label) if re.search(r"_auto_|_initial$|^\d+$", name)]

    assert nameless == []


@pytest.mark.parametrize("label", OURS)
def test_migrations_form_one_line(label):
    assert [int(name[:4]) for name in names_of(label)] == list(range(1, len(names_of(label)) + 1))
