"""Limits of time and size for requests that Papergate sends."""
