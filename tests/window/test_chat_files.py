"""What came in a chat: its files are saved and seen at the desk by whoever may see the report, and nobody else's."""

import hashlib
from functools import partial

from records.chat import NamedFile
from records.tasks import Lane
from storage import chat_files
from storage.database import Database
from tests.storage.chats import Profile, hear, heard
from tests.storage.reports import begun
from tests.window.front import HTML, Window

PHOTO = b"\xff\xd8\xff\xe0 a photo"
SHA = hashlib.sha256(PHOTO).hexdigest()
REPORT = "FR-2026-0000001"


def chat(database: Database, profile: Profile) -> None:
    """A chat with a photo that came, and a video that will not."""
    photo = NamedFile(reference="a", name="роутер.jpg", media_type="image/jpeg")
    video = NamedFile(reference="b", name="<b>видео</b>", media_type="video/mp4", size=10**9)
    hear(database, profile, heard(1, files=(photo, video)), heard(2), heard(3, chat="telegram:7"))
    for _ in range(2):
        task = begun(database, Lane.DELIVER)
        with database.read() as tx:
            file = chat_files.wanted(tx, task.subject)
        assert file is not None
        if file.file == photo:
            done = partial(chat_files.fetched, sha256=SHA, size=len(PHOTO), body=PHOTO)
        else:
            done = partial(chat_files.missed, reason="larger than 20 MB")
        database.write(partial(done, task=task, file=file))


def test_files_of_a_chat_are_saved_and_seen(either: Window, profile: Profile) -> None:
    chat(either.database, profile)
    clerk = either.client("clerk")
    page = clerk.get(f"/reports/{REPORT}", headers=HTML).text
    assert f"/reports/{REPORT}/files/{SHA}" in page
    assert "larger than 20 MB" in page
    assert "<b>видео" not in page
    saved = clerk.get(f"/reports/{REPORT}/files/{SHA}")
    assert (saved.content, saved.headers["content-type"]) == (PHOTO, "application/octet-stream")
    assert saved.headers["content-disposition"].startswith(f'attachment; filename="{SHA[:16]}.jpg"')
    assert clerk.get(f"/reports/{REPORT}/files/{SHA}/picture").headers["content-type"] == "image/png"


def test_another_report_s_file_is_not_there(either: Window, profile: Profile) -> None:
    chat(either.database, profile)
    clerk = either.client("clerk")
    assert clerk.get(f"/reports/FR-2026-0000002/files/{SHA}").status_code == 404
    assert clerk.get(f"/reports/{REPORT}/files/{'0' * 64}").status_code == 404
    assert either.client(None).get(f"/reports/{REPORT}/files/{SHA}").status_code in (303, 401)


def test_the_original_of_a_chat_is_all_that_was_said(either: Window, profile: Profile) -> None:
    chat(either.database, profile)
    saved = either.client("clerk").get(f"/reports/{REPORT}/original")
    assert saved.content == b"".join(b"\x1e" + heard(number).content + b"\n" for number in (1, 2))
    assert saved.headers["content-disposition"].startswith(f'attachment; filename="{REPORT}.json-seq"')
