"""What must hold of /screen, looked at in a browser. See tests/screen/run."""

import argparse
import os
import time
from urllib.parse import urlsplit

from api import Api
from browser import Browser, number
from looks import CONTRAST, FOCUSABLE, OUTSIDE

DISTRICT, STREET, COMMUNITY = "620902", "620902005", "620902005003"
CONTRAST_AA = 4.5
SIGNED_IN = "!document.getElementById('board').hidden && document.querySelector('[data-figure=open]')"
SIGN_IN = "!document.getElementById('sign-in').hidden"


def text(page, selector):
    return page.run(f"document.querySelector({selector!r})?.textContent ?? ''")


def texts(page, selector, attribute):
    """What elements show, by an attribute of theirs."""
    pairs = page.run(f"[...document.querySelectorAll({selector!r})].map((e) => [e.getAttribute({attribute!r}), e.textContent])")
    return dict(pairs)


def sign_in(page, client, secret):
    page.wait(SIGN_IN, "there is a form to sign in with")
    page.run("document.getElementById('client-id').value = ''; document.getElementById('client-id').focus()")
    page.type(client)
    page.press("Tab")
    page.type(secret)
    page.press("Enter")


def look_again(page):
    """What a browser does for one who comes back to its tab: polls at once."""
    page.run("document.dispatchEvent(new Event('visibilitychange'))")


def choose(page, area):
    page.run(f"(() => {{ const s = document.getElementById('area'); s.value = {area!r};"
             " s.dispatchEvent(new Event('change')); })()")
    page.wait(f"new URLSearchParams(location.search).get('area') === {area!r}", "the address names the area")
    page.wait("document.querySelector('[data-figure=open]') && document.querySelectorAll('path.cell').length > 0",
              "the area is drawn")


def a_wrong_secret_is_told(page, given):
    sign_in(page, given.client, "wrong")
    page.wait("document.getElementById('sign-in-fault').textContent", "it says why")
    assert "密钥不对" in text(page, "#sign-in-fault"), text(page, "#sign-in-fault")
    # A browser notes an answer of 401 by itself; that one was asked for.
    assert all("401" in complaint for complaint in page.complaints), page.complaints
    page.complaints.clear()


def a_right_one_opens_and_stays_in_memory(page, given):
    sign_in(page, given.client, given.secret)
    page.wait(SIGNED_IN, "the dashboard is drawn")
    where = ["document.documentElement.outerHTML", "location.href", "JSON.stringify({...sessionStorage})",
             "JSON.stringify({...localStorage})", "document.getElementById('client-secret').value", "document.cookie"]
    for place in where:
        assert not page.run(f"{place}.includes({given.secret!r})"), f"the secret is in {place}"
    assert not any(given.secret in address for _, address in page.requests)


def parts_of(figure):
    return [figure["numerator"], figure["denominator"]] if figure["denominator"] else []


def shown_parts(shown):
    return [number(part) for part in shown.split("/")] if "/" in shown else []


def figures_of(overview):
    return {figure["figure"]: figure for figure in overview["figures"] if figure["part"] is None}


def check_tiles(page, overview):
    cases, meetings, figures = overview["cases"], overview["meetings"], figures_of(overview)
    shown = {key: number(words) for key, words in texts(page, "[data-figure]", "data-figure").items()}
    assert shown == {
        "reported_today": cases["reported_today"], "accepted_today": cases["accepted_today"],
        "closed_today": cases["closed_today"], "open": cases["open"], "sessions": meetings["sessions"],
        "open_actions": meetings["open_actions"],
    }, shown
    parts = {key: shown_parts(words) for key, words in texts(page, "[data-parts]", "data-parts").items()}
    expected = {"on_time": figures["on_time_closure"], "satisfaction": figures["visit_satisfaction"],
                "coverage": figures["service_coverage"], "yield": meetings["yield_rate"]}
    if overview["stars"]["rated"]:
        expected["three_and_above"] = overview["stars"]["three_and_above"]
    assert parts == {key: parts_of(figure) for key, figure in expected.items()}, parts


def check_boards(page, overview):
    stars = {key: number(words) for key, words in texts(page, "[data-star]", "data-star").items()}
    expected = {str(s["star"]): s["projects"]["numerator"] for s in overview["stars"]["stars"]}
    assert stars == (expected if overview["stars"]["rated"] else {}), stars
    rows = page.run("[...document.querySelectorAll('#ranking tbody th a')].map((e) => e.textContent)")
    assert rows == [row["compound_name"] for row in overview["ranking"]["top"]], rows
    below = page.run("[...document.querySelectorAll('#children tbody tr')].map((r) => [r.querySelector('a')?.textContent,"
                     " r.querySelector('td')?.textContent])")
    expected = {child["name"]: child["open"] for child in overview["children"]}
    assert {name: number(count) for name, count in below} == expected, below
    sums = page.run("[1, 2].map((c) => [...document.querySelectorAll(`#series-table tbody tr`)].reduce((sum, r) =>"
                    " sum + Number(r.children[c].textContent.replace(/[^0-9-]/g, '')), 0))")
    daily = overview["daily"]
    assert sums == [sum(day["accepted"] for day in daily), sum(day["closed"] for day in daily)], sums
    assert page.run("document.querySelectorAll('#clocks time').length") == len(overview["clocks"])


def the_figures_are_the_apis(page, api, area):
    """The page and the API are read at about the same moment; where a clock ran down between them, again."""
    for again in range(5):
        before = api.get(f"/areas/{area}/overview")
        look_again(page)
        time.sleep(1.5)
        try:
            check_tiles(page, before)
            check_boards(page, before)
            return
        except AssertionError:
            if again == 4 or api.get(f"/areas/{area}/overview") == before:
                raise


def the_map_has_every_cell(page, api, area, cells, streets):
    page.wait(f"document.querySelectorAll('path.cell').length === {cells}", f"the map has {cells} cells")
    expected = {}
    for street in streets:
        for child in api.get(f"/areas/{street}/overview?fields=children")["children"]:
            expected[child["code"]] = child["open"]
    page.wait(f"document.querySelectorAll('[data-place]').length === {len(expected)}", "every community is in the table")
    shown = {code: number(count) for code, count in texts(page, "[data-place]", "data-place").items()}
    assert shown == expected, (shown, expected)
    label = page.run("document.querySelector('#map svg').getAttribute('aria-label')")
    assert str(len(expected)) in label, label


def the_chart_is_drawn_and_is_a_table_too(page):
    inked = ("(() => { const c = document.querySelector('#chart canvas'); const d = c.getContext('2d')"
             ".getImageData(0, 0, c.width, c.height).data; return d.some((v, i) => i % 4 === 3 && v > 0); })()")
    assert page.run(inked), "the chart is blank"
    assert page.run("document.getElementById('chart').getAttribute('aria-label').length") > 20
    page.run("document.getElementById('series-toggle').click()")
    assert page.run("document.querySelector('#series-table').offsetHeight > 0"), "no table"
    assert page.run("document.querySelectorAll('#series-table tbody tr').length") == 30
    page.run("document.getElementById('series-toggle').click()")
    assert page.run("document.querySelector('#chart canvas').offsetHeight > 0"), "no chart"


def the_language_turns_and_is_remembered(page, base):
    page.run("document.getElementById('language').focus()")
    page.press("Enter")
    page.wait("document.documentElement.lang === 'en'", "the page is English")
    assert "Closed on time" in text(page, "#tiles") and "按时" not in text(page, "#tiles")
    assert "lang=en" in page.run("location.search")
    page.open(f"{base}/screen")
    page.wait(SIGNED_IN, "the tab's token still opens")
    assert "Closed on time" in text(page, "#tiles"), "English was not remembered"
    page.open(f"{base}/screen?area={STREET}&lang=zh")
    page.wait(SIGNED_IN, "the address chooses")
    assert "按时办结率" in text(page, "#tiles") and "西北街" in text(page, "#area-name")


def the_keyboard_reaches_everything(page):
    wanted = set(page.run(f"({FOCUSABLE})()"))
    assert len(wanted) > 20, wanted
    page.run("document.activeElement?.blur(); getSelection().removeAllRanges(); window.scrollTo(0, 0)")
    reached, unseen = set(), []
    for _ in range(len(wanted) + 40):
        page.press("Tab")
        at, outlined = page.run("(() => { const e = document.activeElement; const s = getComputedStyle(e); return"
                                " [e.dataset.checked ?? null, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; })()")
        if at is not None:
            reached.add(at)
            if not outlined:
                unseen.append(at)
    named = page.run("Object.fromEntries([...document.querySelectorAll('[data-checked]')].map((e) =>"
                     " [e.dataset.checked, e.outerHTML.slice(0, 120)]))")
    assert not wanted - reached, ["not reached"] + [named[at] for at in wanted - reached]
    assert not unseen, ["no focus to be seen"] + [named[at] for at in unseen]


def the_text_can_be_read(page, what):
    poor = [(ratio, words) for ratio, words in page.run(f"({CONTRAST})()") if ratio < CONTRAST_AA]
    assert not poor, f"{what}: {sorted(poor)[:10]}"


def nothing_sticks_out(page, width):
    assert page.run("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
    out = page.run(f"({OUTSIDE})({width})")
    assert not out, out


def the_feed_tells_what_happens(page, api):
    page.wait("document.querySelectorAll('#feed time').length > 0", "the feed has lines")
    page.run("(() => { window.before = document.querySelectorAll('#feed time')[0].dataset.at; })()")
    time.sleep(1)
    api.accept_a_leak()
    page.wait("document.querySelectorAll('#feed time')[0].dataset.at !== window.before", "the feed shows the news", 60)
    page.wait("document.getElementById('feed-news').textContent.includes('管道漏水')", "it is said aloud", 5)
    assert page.run("document.getElementById('feed-news').getAttribute('aria-live')") == "polite"


def a_motion_is_spared_who_wants_none(page, base):
    page.prefer(prefers_reduced_motion="reduce")
    page.open(f"{base}/screen?area={DISTRICT}")
    page.wait(SIGNED_IN, "the dashboard is drawn")
    assert page.run("document.getAnimations().length") == 0, "something moves"
    assert text(page, "#feed-pause") == "继续滚动"
    page.prefer(prefers_reduced_motion="no-preference")


def what_is_unchanged_is_not_sent_again(page):
    page.statuses.clear()
    look_again(page)
    until = time.monotonic() + 20
    while time.monotonic() < until and not any(status == 304 for status in page.overviews()):
        page.run("0")
        time.sleep(0.2)
        look_again(page)
    assert 304 in page.overviews(), page.statuses


def old_data_are_called_old(page):
    page.call("Network.setBlockedURLs", urls=["*/overview*"])
    look_again(page)
    page.wait("!document.getElementById('banner').hidden", "it says that the data are old")
    banner = text(page, "#banner")
    assert "可能已过时" in banner and "无法连接" in banner and "重试" in banner, banner
    assert page.run("document.getElementById('live').classList.contains('off')")
    assert page.run("document.querySelectorAll('[data-figure]').length") > 0, "and still shows them"
    page.call("Network.setBlockedURLs", urls=[])
    look_again(page)
    page.wait("document.getElementById('banner').hidden", "it says no more")
    assert all("ERR_BLOCKED" in complaint for complaint in page.complaints), page.complaints
    page.complaints.clear()


def a_refused_token_is_renewed_while_the_page_is_open(page):
    tokens = lambda: sum(address.endswith("/auth/client-token") for _, address in page.requests)
    before = tokens()
    page.refuse("*/overview", 1)
    look_again(page)
    until = time.monotonic() + 15
    while tokens() == before and time.monotonic() < until:
        page.run("0")
        time.sleep(0.1)
    assert tokens() == before + 1, "one refusal, one renewal"
    page.wait(SIGNED_IN, "and the dashboard goes on")
    page.call("Fetch.disable")
    assert page.run("document.getElementById('banner').hidden")
    assert all("401" in complaint for complaint in page.complaints), page.complaints
    page.complaints.clear()


def another_place_is_refused_plainly(page, base):
    page.open(f"{base}/screen?area=130402")
    page.wait("!document.getElementById('banner').hidden", "it says that the token does not see the area")
    assert "看不到区域 130402" in text(page, "#banner"), text(page, "#banner")
    page.complaints.clear()


def a_token_that_does_not_open_shows_the_form(page, base, kept, why):
    page.run(f"sessionStorage.setItem('red-steward.screen.token', JSON.stringify({kept}))")
    page.open(f"{base}/screen?area={DISTRICT}")
    page.wait(SIGN_IN, "the form is there")
    assert page.run("document.getElementById('board').hidden"), "and the board is not"
    assert why in text(page, "#sign-in-fault"), text(page, "#sign-in-fault")
    assert page.run("sessionStorage.length") == 0, "what is refused is forgotten"
    page.complaints.clear()


def quiet(page, base):
    assert not page.complaints, page.complaints
    hosts = {urlsplit(address).netloc for _, address in page.requests if not address.startswith("data:")}
    assert hosts == {urlsplit(base).netloc}, hosts


def look(page, given, api):
    base, picture = given.base, lambda name, **how: page.picture(os.path.join(given.pictures, f"{name}.png"), **how)
    page.size(1920, 1080)
    page.open(f"{base}/screen")
    page.wait(SIGN_IN, "there is a form")
    the_text_can_be_read(page, "the form")
    picture("sign-in-1920")
    a_wrong_secret_is_told(page, given)
    a_right_one_opens_and_stays_in_memory(page, given)
    streets = [child["code"] for child in api.get(f"/areas/{DISTRICT}/overview?fields=children")["children"]]
    the_figures_are_the_apis(page, api, DISTRICT)
    the_map_has_every_cell(page, api, DISTRICT, 636, streets)
    the_chart_is_drawn_and_is_a_table_too(page)
    what_is_unchanged_is_not_sent_again(page)
    quiet(page, base)
    the_text_can_be_read(page, "a district")
    nothing_sticks_out(page, 1920)
    assert page.run("document.documentElement.scrollHeight") <= 1080, "a lobby's screen cannot be scrolled"
    page.wait("document.querySelectorAll('#feed time').length > 0", "every community has been asked what happens there")
    picture("district-1920")
    the_keyboard_reaches_everything(page)
    old_data_are_called_old(page)
    a_refused_token_is_renewed_while_the_page_is_open(page)
    choose(page, COMMUNITY)
    the_figures_are_the_apis(page, api, COMMUNITY)
    the_text_can_be_read(page, "a community")
    the_feed_tells_what_happens(page, api)
    picture("community-1920")
    page.size(360, 780, mobile=True)
    time.sleep(0.5)
    nothing_sticks_out(page, 360)
    picture("community-360", whole=True)
    choose(page, DISTRICT)
    page.wait("document.querySelectorAll('[data-place]').length === 21", "every community is in the table")
    nothing_sticks_out(page, 360)
    the_text_can_be_read(page, "a phone")
    page.wait("document.querySelectorAll('#feed time').length > 0", "every community has been asked what happens there")
    picture("district-360", whole=True)
    page.size(1920, 1080)
    the_language_turns_and_is_remembered(page, base)
    page.open(f"{base}/screen?area={DISTRICT}&lang=en")
    page.wait("document.querySelectorAll('[data-place]').length === 21", "the district is drawn")
    the_text_can_be_read(page, "in English")
    nothing_sticks_out(page, 1920)
    quiet(page, base)
    picture("district-en-1920")
    page.open(f"{base}/screen?lang=zh")
    a_motion_is_spared_who_wants_none(page, base)
    quiet(page, base)
    another_place_is_refused_plainly(page, base)
    future, past = "Date.now() + 600000", "Date.now() - 1"
    a_token_that_does_not_open_shows_the_form(page, base, f"{{ token: 'e30.e30.e30', from: 0, until: {future}, ahead: 0 }}", "令牌被拒绝")
    a_token_that_does_not_open_shows_the_form(page, base, f"{{ token: 'e30.e30.e30', from: 0, until: {past}, ahead: 0 }}", "令牌已过期")


def main():
    asked = argparse.ArgumentParser()
    for name in ("base", "client", "secret", "pictures"):
        asked.add_argument(f"--{name}", required=True)
    given = asked.parse_args()
    browser = Browser()
    try:
        page = browser.page()
        try:
            look(page, given, Api(given.base, given.client, given.secret))
        except Exception:
            page.picture(os.path.join(given.pictures, "failed.png"))
            raise
    finally:
        browser.close()
    print(f"/screen holds; pictures in {given.pictures}")


if __name__ == "__main__":
    main()
