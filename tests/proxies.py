"""Real proxies with the settings of ``deploy/``, altered only in where they listen and keep."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from conftest import PROJECT, tool
from servers import caller
from waiting import PATIENCE, eventually

DEPLOY = PROJECT / "deploy"
NGINX = """
daemon off; master_process off; pid nginx.pid; error_log stderr warn;
events { }
http {
  client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
  uwsgi_temp_path temp; scgi_temp_path temp;
  include conf.d/*.conf;
}
"""


def altered(name: str, changes: Mapping[str, str]) -> str:
    """Return a file of ``deploy/nginx/`` with some texts in the place of others."""
    text = (DEPLOY / "nginx" / name).read_text("utf-8")
    for old, new in changes.items():
        assert old in text, (name, old)
        text = text.replace(old, new)
    return text


def nginx_of(folder: Path, **files: str) -> list[str]:
    """Write the settings of an nginx into a folder; return the words that start it."""
    for name in ("temp", "kept", "conf.d"):
        (folder / name).mkdir(parents=True)
    (folder / "nginx.conf").write_text(NGINX)
    for name, text in files.items():
        (folder / "conf.d" / f"{name}.conf").write_text(text, "utf-8")
    return [tool("nginx"), "-p", str(folder), "-e", "stderr", "-c", "nginx.conf"]


def proxying(folder: Path, port: int, site_port: int) -> list[str]:
    """Write the nginx of ``calsvc.conf``, which listens on ``port``; return what starts it."""
    changes = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "/var/cache/nginx/calsvc": "kept",
        "/var/log/nginx/": "",
    }
    upstream = altered("upstream.conf", {"127.0.0.1:8000": f"127.0.0.1:{site_port}"})
    return nginx_of(folder, calsvc=altered("calsvc.conf", changes), upstream=upstream)


def caddy_of(folder: Path, port: int, site_port: int) -> tuple[list[str], dict[str, str]]:
    """Write the settings of a Caddy; return the words that start it, and its environment."""
    folder.mkdir()
    file = folder / "Caddyfile"
    file.write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\nimport {DEPLOY / 'Caddyfile'}\n")
    environment = {
        "HOME": str(folder),
        "CALSVC_SITE": f"http://127.0.0.1:{port}",
        "CALSVC_UPSTREAM": f"127.0.0.1:{site_port}",
    }
    return [tool("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"], environment


@contextmanager
def running(
    words: list[str],
    folder: Path,
    port: int,
    path: str,
    more: Mapping[str, str] | None = None,
    status: int = 200,
) -> Iterator[None]:
    """Run a program while the block runs, which begins once it answers at a path.

    ``more`` is added to its environment.
    """
    log = folder / f"{Path(words[0]).name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            words,
            cwd=folder,
            stdout=output,
            stderr=output,
            env={**os.environ, **(more or {})},
            start_new_session=True,
        )

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return caller(port)("GET", path).status == status
        except OSError:
            return False

    try:
        eventually(answers)
        yield
    finally:
        with suppress(ProcessLookupError):  # it ended by itself, which is told
            os.killpg(process.pid, signal.SIGTERM)  # faketime does not pass it on
        process.wait(PATIENCE)
