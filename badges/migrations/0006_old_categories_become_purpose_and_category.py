"""The six old categories mixed two questions; their words stay in the badges, as the tags that were published."""

from django.db import migrations

#: Old category -> category, purpose, basis.
BECOMES = {
    "SKILL": ("DURABLE", "SKILL", ""),
    "TECHNICAL": ("TECHNICAL", "SKILL", ""),
    "LEADERSHIP": ("DURABLE", "SKILL", ""),
    "COMPLIANCE": ("TECHNICAL", "COMPLIANCE", ""),
    "VALUES": ("VALUES", "VALUES", ""),
    "PARTICIPATION": ("DURABLE", "SKILL", "PARTICIPATION"),
}

#: What the hosted documents said as their last tag, by language: what was published stays as it was (OB2-ISS-14).
LAST_TAG = {
    "en": dict(zip(BECOMES, ["Skill", "Technical skill", "Leadership", "Compliance", "Values", "Participation"])),
    "de": dict(zip(BECOMES, ["Kompetenz", "Fachkompetenz", "Führung", "Compliance", "Werte", "Teilnahme"])),
    "es": dict(
        zip(
            BECOMES,
            ["Competencia", "Competencia técnica", "Liderazgo", "Cumplimiento normativo", "Valores", "Participación"],
        )
    ),
    "fr": dict(
        zip(BECOMES, ["Compétence", "Compétence technique", "Leadership", "Conformité", "Valeurs", "Participation"])
    ),
    "it": dict(
        zip(BECOMES, ["Competenza", "Competenza tecnica", "Leadership", "Conformità", "Valori", "Partecipazione"])
    ),
    "nl": dict(
        zip(BECOMES, ["Vaardigheid", "Technische vaardigheid", "Leiderschap", "Compliance", "Waarden", "Deelname"])
    ),
}


def divide(apps, schema_editor):
    badge_classes = apps.get_model("badges", "BadgeClass").objects.filter(category__in=BECOMES)
    for badge in badge_classes.iterator():
        old = badge.category
        if badge.status != "DRAFT":
            words = LAST_TAG.get(badge.language.split("-")[0].lower(), LAST_TAG["en"])[old]
            if words.casefold() not in {tag.casefold() for tag in badge.tags}:
                badge.tags = [*badge.tags, words]
        # What the old category alone said of a purpose or a basis stays if somebody has said it already.
        badge.category, purpose, basis = BECOMES[old]
        badge.purpose = purpose if badge.purpose == "SKILL" else badge.purpose
        badge.basis = badge.basis or basis
        badge.save(update_fields=["category", "purpose", "basis", "tags"])


class Migration(migrations.Migration):
    dependencies = [("badges", "0005_planning_and_designing")]

    operations = [migrations.RunPython(divide, migrations.RunPython.noop, elidable=False)]
