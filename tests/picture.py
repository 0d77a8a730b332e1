"""`make picture`: docs/images/comment.png, the comment on a real pull request as a browser shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

from tests.paths import DOCS
from tests.sandbox import Sandbox
from tests.sandbox.history import OVER_THE_CAP, create_list, open_real_pull
from tests.script import run_script, say
from tests.service import Service

PICTURE = DOCS / "images" / "comment.png"
WIDTH = 860
LARGEST_BYTES = 150_000
"""Every clone carries the picture."""
SECONDS = 60
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PAGE = """<!doctype html>
<meta charset="utf-8">
<style>
  body {{ margin: 0; padding: 16px; background: #fff; color: #1f2328; font: 14px/1.5 sans-serif; }}
  .comment {{ border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }}
  .who {{ padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; }}
  .who b {{ color: #1f2328; }}
  .who i {{ border: 1px solid #d1d9e0; border-radius: 9px; padding: 0 6px; font: 12px sans-serif; }}
  .body {{ padding: 4px 16px 12px; }}
  a {{ color: #0969da; text-decoration: none; }}
  h3 {{ font-size: 18px; margin: 12px 0; }}
  p, ul, ol, details {{ margin: 0 0 12px; }}
  ul, ol {{ padding-left: 28px; }}
  code {{ background: #eff1f3; border-radius: 6px; padding: 2px 5px; font: 12px monospace; }}
  sub {{ font-size: 12px; line-height: 1.6; vertical-align: baseline; color: #59636e; }}
</style>
<div class="comment">
  <div class="who"><b>papergate</b> <i>bot</i> commented</div>
  <div class="body">{body}</div>
</div>
<script>document.documentElement.dataset.height = document.documentElement.scrollHeight</script>
"""


def main() -> int:
    """Have the bot comment on a pull request, take the picture and return the exit status."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        say(f"A browser is missing: install one of {', '.join(BROWSERS)}, then run make again.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "comment.html")
        markdown = MarkdownIt("gfm-like", {"html": True, "linkify": False})
        page.write_text(PAGE.format(body=markdown.render(comment())), encoding="utf-8")
        command = [browser, *OPTIONS, f"--user-data-dir={folder}/profile"]
        dumped = _browse([*command, f"--window-size={WIDTH},200", "--dump-dom", page.as_uri()])
        height = re.search(r'data-height="(\d+)"', dumped)
        if height is None:
            say("The browser did not show the page.")
            return 1
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        _browse([*command, f"--window-size={WIDTH},{height[1]}", f"--screenshot={PICTURE}", page.as_uri()])
    size = PICTURE.stat().st_size
    say(f"{PICTURE}: {WIDTH} x {height[1]}, {size:,} bytes")
    return int(size > LARGEST_BYTES)


def comment() -> str:
    """Return the comment on the pull request that makes it 101 papers."""
    with Sandbox() as sandbox, Service(sandbox.environment()) as bot:
        sandbox.webhooks.url = bot.webhook_url
        create_list(sandbox)
        pull = open_real_pull(sandbox, OVER_THE_CAP)
        sandbox.log.wait_until(lambda: sandbox.bot_comments(pull), timeout=SECONDS)
        return sandbox.bot_comments(pull)[0].body


def _browse(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    return done.stdout


if __name__ == "__main__":
    run_script("picture", main)
