"""The shell: webhook, jobs, GitHub, bibliographic services, publishing, command line."""

__version__ = "0.1.0"
