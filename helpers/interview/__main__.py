"""List every drill: ``python -m helpers.interview``."""

from helpers.interview.registry import drills


def main() -> None:
    """Print one line per drill: id, level, minutes, title."""
    for drill in drills():
        print(f"{drill.id:<5} {drill.level:<8} {drill.minutes:>3} min  {drill.title}")


if __name__ == "__main__":
    main()
