"""A Zotero library of 2,000 items, made here, in the shape of Zotero's own database."""
