"""Readers of links to calendar programs, and of QR codes."""

import re
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import zxingcpp


def query_of(link: str) -> dict[str, str]:
    """Return the parameters of a link, read as Outlook does: a plus is a plus."""
    pairs = [part.split("=") for part in urlsplit(link).query.split("&")]
    assert len({name for name, _ in pairs}) == len(pairs)
    return {name: unquote(value, errors="strict") for name, value in pairs}


def read_qr(svg: str) -> str:
    """Return what a QR code's picture says to a reader of barcodes."""
    root = ElementTree.fromstring(svg)  # noqa: S314 -- it is our own
    scale = 4  # pixels a module, as a camera may see them
    _, _, width, height = (int(length) * scale for length in root.attrib["viewBox"].split())
    ground, modules = root.findall("path")
    assert (ground.attrib["fill"], modules.attrib["stroke"]) == ("#fff", "#000")
    assert ground.attrib["d"] == f"M0 0h{width // scale}v{height // scale}h-{width // scale}z"
    pixels = bytearray(b"\xff" * width * height)
    x = y = 0.0
    for command, first, second in re.findall(
        r"([Mmh])(-?[\d.]+) ?(-?[\d.]+)?", modules.attrib["d"]
    ):
        if command == "h":
            for row in range(int(y * scale - scale / 2), int(y * scale + scale / 2)):
                start = row * width + int(x) * scale
                pixels[start : start + int(first) * scale] = bytes(int(first) * scale)
            x += int(first)
        else:
            x, y = (0.0, 0.0) if command == "M" else (x, y)
            x, y = x + float(first), y + float(second)
    (code,) = zxingcpp.read_barcodes(memoryview(pixels).cast("B", (height, width)))
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    text: str = code.text
    return text
