"""The page for everybody: by keyboard, on a phone, by ear, in both colours."""

import pytest
from selenium.webdriver import ActionChains, Keys, Remote
from selenium.webdriver.common.by import By

from trueup.simulator import SimulatorServer

from .chromium import resize
from .conftest import SYMBOL, shown, wait_for

pytestmark = pytest.mark.browser

WIDTHS = (1440, 1000, 390)
CONTRAST = """
const luminance = (color) => {
  const parts = color.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255);
  const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const color = getComputedStyle(each).backgroundColor;
    if (!/, 0\\)$/.test(color)) return color;
  }
};
const texts = [...document.body.querySelectorAll("*")].filter((element) =>
  element.checkVisibility() && !element.disabled &&
  [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
return texts.map((element) => {
  const [a, b] = [getComputedStyle(element).color, ground(element)].map(luminance);
  return [element.textContent.slice(0, 40), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
});
"""
CUT_OFF = """
return [...document.body.querySelectorAll("*")].filter((element) =>
  element.checkVisibility() && !element.closest(".skip, thead, select, datalist") &&
  element.getBoundingClientRect().right > innerWidth + 1).map((element) => element.outerHTML);
"""
FOCUSED = "return document.activeElement"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(page: Remote, *, dark: bool, width: int) -> None:
    resize(page, width, 844, dark=dark)
    page.find_element(By.CSS_SELECTOR, "#more-faults summary").click()
    page.find_element(By.CSS_SELECTOR, "[data-fault]").click()
    wait_for(page, lambda: "reply lost" in shown(page, "in-force"))
    ratios: list[tuple[str, float]] = page.execute_script(CONTRAST)
    assert len(ratios) > 50
    assert [(text, ratio) for text, ratio in ratios if ratio < 4.5] == []
    assert page.execute_script(CUT_OFF) == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_has_a_name_and_tables_stay_tables(page: Remote, width: int) -> None:
    resize(page, width, 844)
    page.find_element(By.CSS_SELECTOR, "#more-faults summary").click()
    controls = page.find_elements(By.CSS_SELECTOR, "button, input, select, summary, table, section")
    named = [each for each in controls if each.is_displayed()]
    assert len(named) > 20
    assert [each.get_attribute("outerHTML") for each in named if not each.accessible_name] == []
    roles = {"table": "table", "#orders tr": "row", "#orders td": "cell", "section": "region"}
    for selector, role in roles.items():
        assert page.find_element(By.CSS_SELECTOR, selector).aria_role == role
    assert page.find_element(By.ID, "failed").aria_role == "alert"


def test_the_page_is_used_by_keyboard_alone(page: Remote, served: SimulatorServer) -> None:
    names = []
    keys = ActionChains(page)
    for _ in range(20):
        keys.send_keys(Keys.TAB).perform()
        names.append(page.execute_script(FOCUSED).accessible_name)
    wanted = ["Skip to the market", "−1 %", f"Move {SYMBOL} to", f"Move {SYMBOL}", "All faults"]
    assert [name for name in names if name in wanted] == wanted
    assert any(name.startswith("Cancel Sell") for name in names)
    assert page.execute_script(
        "return getComputedStyle(document.activeElement).outlineStyle !== 'none'"
    )
    nudge = next(
        each
        for each in page.find_elements(By.CSS_SELECTOR, ".nudges button")
        if each.text == "+1 %"
    )
    page.execute_script("arguments[0].focus()", nudge)
    ActionChains(page).send_keys(Keys.SPACE).perform()
    wait_for(page, lambda: "0.7070" in shown(page, "market"))
    assert page.execute_script(FOCUSED) == nudge, "what the page shows anew takes no focus away"
    assert str(served.sim.price(SYMBOL)) == "0.7070"


def test_what_a_person_types_stays_while_the_page_is_shown_anew(
    page: Remote, served: SimulatorServer
) -> None:
    field = page.find_element(By.CSS_SELECTOR, "#market [name=price]")
    field.send_keys("0.7")
    served.sim.set_price(SYMBOL, "0.7050")
    wait_for(page, lambda: "0.7050" in shown(page, "market"))
    assert field.get_property("value") == "0.7"
    assert page.execute_script(FOCUSED) == field
