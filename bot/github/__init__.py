"""GitHub as Papergate uses it: authentication, what a pull request holds, and what is published on it."""
