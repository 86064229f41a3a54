from assertions.sharing.opengraph import Preview


def preview(image_url):
    return Preview(
        title="Forklift Safety",
        description="Awarded by Acme Academy",
        page_url="https://badges.example.org/public/assertions/1",
        site_name="Acme Academy",
        image_url=image_url,
        image_alt="Forklift Safety.",
    )


def test_properties_give_the_true_size_of_the_card():
    tags = dict(preview("https://badges.example.org/card.png?v=1").properties)
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "627")
    assert tags["og:image:secure_url"] == tags["og:image"]


def test_secure_url_is_left_out_without_tls():
    assert "og:image:secure_url" not in dict(preview("http://localhost/card.png").properties)
