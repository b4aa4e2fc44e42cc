"""Paper to words: pictures of pages are decoded, cleaned, turned upright and recognised, each step a function."""
