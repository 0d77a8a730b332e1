"""The endpoints of GitHub's REST API, one module a subject."""

from tests.sandbox.routes import (
    apps,
    checks,
    comments,
    contents,
    git_data,
    hooks,
    pulls,
    repositories,
    reviews,
    users,
)

ROUTES = (
    *apps.ROUTES,
    *hooks.ROUTES,
    *users.ROUTES,
    *repositories.ROUTES,
    *contents.ROUTES,
    *git_data.ROUTES,
    *pulls.ROUTES,
    *reviews.ROUTES,
    *checks.ROUTES,
    *comments.ROUTES,
)
