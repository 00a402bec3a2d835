"""QR codes for paper and screen (K3), black on white with the quiet zone that the standard asks for."""

import io

import segno

ERROR_CORRECTION = "m"
"""15 % may be lost to a stamp or a fold, and at 24 mm a module of a letter's code is still 0.35 mm wide."""
QUIET_ZONE = 4


def qr_svg(text: str) -> str:
    """The QR code as SVG text without a fixed size; whoever places it sets the width."""
    out = io.BytesIO()
    _make(text).save(
        out, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=True, omitsize=True, light="#fff"
    )
    return out.getvalue().decode("utf-8")


def qr_png(text: str, *, module_pixels: int = 8) -> bytes:
    """The QR code as PNG, each module `module_pixels` wide."""
    out = io.BytesIO()
    _make(text).save(out, kind="png", border=QUIET_ZONE, scale=module_pixels)
    return out.getvalue()


def _make(text: str) -> segno.QRCode:
    return segno.make(text, error=ERROR_CORRECTION, micro=False, boost_error=True)
