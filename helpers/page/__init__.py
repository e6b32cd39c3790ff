"""What a page shows: sources side by side, tables, results; states of a text; the explorer.

``python -m helpers.page.store_notebook NOTEBOOK`` runs a notebook and stores its outputs.
"""
