"""How forms look: one field template for the whole product."""

from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    """Renders each field by `templates/components/field.html`: label, help, errors, and their ARIA ties."""

    field_template_name = "components/field.html"
