"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern

browser_urls: list[URLPattern] = []
api_urls: list[URLPattern] = []
public_urls: list[URLPattern] = []
