"""The shell: webhook, jobs, GitHub, bibliographic services, publishing, command line."""
