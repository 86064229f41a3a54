"""The mailbox of the embedded mode: what would have been mailed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
