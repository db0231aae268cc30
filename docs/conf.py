"""How the documentation is built: ``sphinx-build -W --keep-going -n docs OUT``."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from calsvc import __version__

project = "calsvc"
release = __version__

extensions = ["myst_parser"]
exclude_patterns = ["examples"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "calsvc"
html_copy_source = False


def outside(app: Sphinx, docname: str, source: list[str]) -> None:
    """Let links to other files of the project, such as SECURITY.md, lead to a copy of them."""
    folder = Path(app.env.doc2path(docname)).parent
    docs = Path(app.srcdir)

    def copied(link: re.Match[str]) -> str:
        path = (folder / link[1]).resolve()
        return f"](path:{link[1]})" if path.is_file() and docs not in path.parents else link[0]

    source[0] = re.sub(r"\]\((\.\./[^)#]+)\)", copied, source[0])


def setup(app: Sphinx) -> None:
    """Register what is done besides."""
    app.connect("source-read", outside)
