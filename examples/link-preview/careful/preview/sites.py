"""The sites that the chat shows previews of, by the host that a link names."""

SITES = {
    "blog.example.com": "https://blog.example.com",
    "news.example.com": "https://news.example.com",
    "www.example.com": "https://www.example.com",
}
