"""What more than one test of this room asks for."""

import pytest
from django.core.files.base import ContentFile

from tests.factories.badges import png


@pytest.fixture
def logo_of_acme(academy) -> bytes:
    """Give Acme a logo, and return its bytes."""
    data = png(64)
    academy.organisation.logo.save("logo.png", ContentFile(data))
    academy.organisation.logo_png.save("logo.png", ContentFile(data))
    return data
