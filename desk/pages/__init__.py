"""The pages that people work in: one file a page, server-rendered; scripts add to a page that stands without them."""
