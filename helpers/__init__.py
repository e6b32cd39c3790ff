"""The thin package behind the notebooks.

Data flows one way: ``data -> pytorch | keras -> metrics -> plotting``. Importing
``helpers`` loads no framework; :func:`helpers.runtime.start` loads both, in order.
"""
