"""Which part of the badges to show."""

import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from badges.models import BadgeClass, Category, Level, Purpose
from issuers.models import Issuer, Organisation

SEARCH_LIMIT = 100

_STATUSES = [BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT, BadgeClass.Status.DRAFT, BadgeClass.Status.ARCHIVED]


class CatalogueForm(forms.Form):
    """The filters of the list. Unusable values are left out instead of refused: it is a link's query."""

    q = forms.CharField(required=False, max_length=SEARCH_LIMIT)
    status = forms.ChoiceField(required=False, choices=[(one.value, one.label) for one in _STATUSES])
    category = forms.ChoiceField(required=False, label=_("Category"), choices=[("", _("All")), *Category.choices])
    purpose = forms.ChoiceField(required=False, label=_("Purpose"), choices=[("", _("All")), *Purpose.choices])
    level = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=_("Level"), choices=[("", _("All")), *Level.choices]
    )
    issuer = forms.ChoiceField(required=False, label=_("Issuer"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issuers = Issuer.objects.filter(organisation=organisation).order_by("name", "pk").values_list("pk", "name")
        self._issuers = [(str(pk), name) for pk, name in issuers]
        cast(forms.ChoiceField, self.fields["issuer"]).choices = [("", _("All")), *self._issuers]
        if len(self._issuers) < 2:
            del self.fields["issuer"]
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "input small", "id": f"filter-{name}"}

    @property
    def selects(self) -> list[forms.BoundField]:
        """Return the fields of the filter menu."""
        return [self[name] for name in ("category", "purpose", "level", "issuer") if name in self.fields]

    def chosen(self) -> dict[str, Any]:
        """Return the conditions for `queries.badges_of`: search, status, and the columns that were narrowed."""
        self.is_valid()
        data = self.cleaned_data
        like = {name: data[name] for name in ("category", "purpose", "level") if data.get(name)}
        if data.get("issuer"):
            like["issuer"] = uuid.UUID(data["issuer"])
        return {"search": data.get("q", ""), "status": data.get("status", ""), **like}

    def narrowed(self) -> list[dict[str, str]]:
        """Return what the filter menu narrows to, in words: name, label and value."""
        self.is_valid()
        said = []
        for field in self.selects:
            value = self.cleaned_data.get(field.name)
            if value:
                offered = cast("list[tuple[Any, Any]]", list(cast(Any, field.field).choices))
                choices = {str(key): str(label) for key, label in offered}
                said.append({"name": field.name, "label": str(field.label), "value": choices[str(value)]})
        return said
