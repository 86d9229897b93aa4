"""The API's document as a page."""

from web.api.app import document


def test_the_page_tells_every_operation_and_shape(sqlite_site):
    page = sqlite_site.as_("owner1").get("/api")

    assert page.status_code == 200
    for path in document()["paths"]:
        assert path in page.text
    for name in document()["components"]["schemas"]:
        assert f'id="{name}"' in page.text


def test_the_account_page_leads_there(sqlite_site):
    assert 'href="/api"' in sqlite_site.as_("owner1").get("/account").text
