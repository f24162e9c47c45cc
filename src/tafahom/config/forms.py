"""How fields of forms are shown, on every page."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Shows a field (``as_field_group``) with its label, hint and error, as our pages do."""

    field_template_name = "shell/field.html"
