"""The customer's page of `make run`, in a browser: he writes, reads the answers, presses their buttons."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from sample.bot_api import TOKEN
from sample.chat import ChatServer
from tests.channels.running import Running as Serving
from tests.gateway.running import Running

LONG = 60_000  # milliseconds, on a machine under load


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's address, with a gateway behind it."""
    folder = tmp_path_factory.mktemp("chat")
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    with Serving(ChatServer) as serving:
        gateway = Running(
            folder,
            f"[channels.telegram]\nkind = 'telegram'\nbase_url = '{serving.url}'\nquiet = 0.3\npoll = 1\n"
            f"token = {{ file = '{folder}/token' }}\n",
        )
        gateway.start()
        yield serving.url
        gateway.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose scripts and content policy complain of nothing."""
    troubles: list[str] = []
    one = chromium.new_page()
    one.on("pageerror", lambda error: troubles.append(str(error)))
    one.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield one
    one.close()
    assert troubles == []


def test_a_newcomer_is_answered_and_presses(page: Page, chat: str) -> None:
    page.goto(f"{chat}/")
    page.get_by_label("Message").fill("Слабый вайфай в дальней комнате")
    page.get_by_label("Message").press("Enter")
    bot = page.locator(".bot")
    expect(bot).to_have_count(1, timeout=LONG)
    expect(bot.first).to_contain_text("FR-")
    page.get_by_role("button", name="Не помогло").click()
    expect(bot).to_have_count(2, timeout=LONG)
    expect(bot.last).to_contain_text("Тогда попробуйте")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    page.get_by_label("Message").fill("отмените")
    page.get_by_role("button", name="Send").click()
    expect(bot.last).to_contain_text("отменено", timeout=LONG)


def test_a_newcomer_sends_a_picture_and_his_number(page: Page, chat: str, tmp_path: Path) -> None:
    picture = tmp_path / "router.png"
    Image.new("RGB", (60, 40), "red").save(picture)
    page.goto(f"{chat}/")
    page.get_by_role("button", name="Не работает интернет").click()
    bot = page.locator(".bot")
    expect(bot).to_have_count(1, timeout=LONG)
    page.get_by_role("button", name="Отправить мой номер").click()
    expect(bot).to_have_count(2, timeout=LONG)
    expect(page.get_by_role("button", name="Отправить мой номер")).to_have_count(0)
    page.get_by_label("File").set_input_files(picture)
    expect(page.locator(".mine img")).to_be_visible()
    expect(bot).to_have_count(3, timeout=LONG)
    expect(bot.last).to_contain_text("Добавили к обращению")
    page.get_by_role("button", name="Another customer").click()
    expect(page.locator(".said")).to_have_count(0)
