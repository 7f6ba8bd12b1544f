"""The rules of the search service: words, questions, excerpts."""
