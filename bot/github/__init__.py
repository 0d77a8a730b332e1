"""GitHub's REST API as Papergate uses it: authentication, reading pull requests, publishing results."""
