"""The pages that people work in: one file a page, server-rendered; what a script adds, it adds to a page that stands."""
