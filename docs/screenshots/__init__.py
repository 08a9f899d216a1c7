"""The pictures of the pages, taken in a real Chromium: none is made by hand."""
