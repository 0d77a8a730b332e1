"""What names a paper: identifiers, venues, titles, and what services know of it."""
