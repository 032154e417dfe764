# SPDX-License-Identifier: Apache-2.0
"""Looks at HTML reports in Chromium: light and dark, on a wide screen and on a phone, and in print.

    python3 tests/browser/look.py [--shots FOLDER] PAGE...

Prints a line per fault. Exit code 0: none; 1: some; 77: nothing was looked at, and why.
"""

import argparse
import base64
import os
import pathlib
import re
import shutil
import sys
import time

from chromium import Chromium, Trouble

HERE = pathlib.Path(__file__).resolve().parent
AXE = HERE.parents[1] / ".deps/axe/axe_playwright_python/axe.min.js"
SCREENS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
# axe-core takes seconds: both colours and both widths, not each with each; the contrast is looked at in all of them.
AXE_SCREENS = [("light", 1280), ("dark", 390)]
# A4 between margins of 1 cm, at 96 CSS pixels an inch.
SHEET = {"paperWidth": 21 / 2.54, "paperHeight": 29.7 / 2.54,
         "marginTop": 0.39, "marginBottom": 0.39, "marginLeft": 0.39, "marginRight": 0.39}
SHEET_PIXELS = 718
PHONE = 500  # narrower than this is held in a hand


def lay_out(browser, scheme, width, media="screen"):
    browser.ask("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=844 if width < PHONE else 900,
                deviceScaleFactor=2 if width < PHONE else 1, mobile=width < PHONE)


def checked(browser, calls):
    faults = []
    for call in calls:
        name, _, rest = call.partition("(")
        faults += [f"{name}: {fault}" for fault in browser.evaluate(f"checks.{name}({rest or ')'}")]
    return faults


def parts_not_heard(browser):
    nodes = browser.ask("Accessibility.getFullAXTree")["nodes"]
    heard = [node["role"]["value"] for node in nodes if not node["ignored"]]
    faults = []
    for role, laid_out in browser.evaluate("checks.parts_of_tables()").items():
        if heard.count(role) != laid_out:
            faults.append(f"tables_heard: a screen reader finds {heard.count(role)} of {laid_out} of {role}")
    return faults


# Whoever cannot see the page hears its tables as tables, however they are laid out. Chromium builds that tree after the
# page, and on a busy machine is asked before it is whole: it is asked again until it holds, or for so long.
def tables_heard(browser):
    until = time.monotonic() + 10
    faults = parts_not_heard(browser)
    while faults and time.monotonic() < until:
        time.sleep(0.1)
        faults = parts_not_heard(browser)
    return faults


def on_screen(browser, address, scheme, width, shot):
    lay_out(browser, scheme, width)
    browser.open(address)
    browser.evaluate((HERE / "checks.js").read_text() + "\n0")
    keep_shot(browser, width, shot)
    faults = checked(browser, ["anchors", f"beyond_the_page({width})"])
    browser.evaluate("checks.open_all()")
    faults += checked(browser, [f"beyond_the_page({width})", "out_of_their_box", "broken_words", "cut_in_pictures",
                                "pale", f"scrolled_tables({str(width < PHONE).lower()})"])
    if (scheme, width) in AXE_SCREENS:
        browser.evaluate(AXE.read_text() + "\n0")
        faults += checked(browser, ["axe_faults"])
    return faults + tables_heard(browser)


def in_print(browser, address, scheme, shot):
    lay_out(browser, scheme, SHEET_PIXELS, "print")
    browser.open(address)
    browser.evaluate((HERE / "checks.js").read_text() + "\n0")
    faults = checked(browser, [f"beyond_the_page({SHEET_PIXELS})", "out_of_their_box", "broken_words",
                               "cut_in_pictures", "pale", "hidden_in_print"])
    pdf = base64.b64decode(browser.ask("Page.printToPDF", printBackground=False, **SHEET)["data"])
    if not re.search(rb"/Type\s*/Page\b", pdf):
        faults.append("printed: the PDF has no page")
    if shot:
        shot.with_suffix(".pdf").write_bytes(pdf)
    return faults


def keep_shot(browser, width, shot):
    if not shot:
        return
    height = browser.evaluate("document.documentElement.scrollHeight")
    data = browser.ask("Page.captureScreenshot", captureBeyondViewport=True,
                       clip={"x": 0, "y": 0, "width": width, "height": min(height, 8000), "scale": 1})["data"]
    shot.with_suffix(".png").write_bytes(base64.b64decode(data))


def look(browser, page, shots):
    address = page.resolve().as_uri()
    views = [(f"{scheme}-{width}", lambda shot, s=scheme, w=width: on_screen(browser, address, s, w, shot))
             for scheme, width in SCREENS]
    views += [(f"print-{scheme}", lambda shot, s=scheme: in_print(browser, address, s, shot))
              for scheme in ("light", "dark")]
    faults = {}
    for name, view in views:
        browser.requests.clear()
        found = view(shots / f"{page.stem}-{name}" if shots else None)
        found += [f"requests: the page asks for {url}"
                  for url in browser.requests if url.partition("#")[0] != address]
        for fault in found:
            faults.setdefault(fault, {})[name] = True
    if shots:
        shutil.copy(page, shots)
    return [f"{page.name} ({', '.join(names)}): {fault}" for fault, names in faults.items()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--shots", type=pathlib.Path)
    asked = parser.parse_args()
    program = shutil.which("chromium")
    if not program or not AXE.exists():
        lacking = "no axe-core in .deps/axe" if program else "no program chromium"
        print(lacking + " here (scripts/setup.sh installs it)")
        return 77
    started = time.monotonic()
    faults = []
    with Chromium(program) as browser:
        for page in asked.pages:
            faults += look(browser, page, asked.shots)
    for fault in faults:
        print(fault)
    print(f"{len(asked.pages)} pages, {len(faults)} faults, {time.monotonic() - started:.1f} s", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        print(trouble)
        sys.exit(2)
