"""Forms: how an entry of a list looks, read twice and written back.

``template`` takes a form line apart, ``strict`` reads an entry letter by letter (in RE2) and writes one,
``landmarks`` finds title, link and year of an entry that fits no form, and ``reader`` puts them together.
"""
