"""Load both frameworks in the right order before any test module imports one."""

from helpers import runtime

runtime.load_frameworks()
