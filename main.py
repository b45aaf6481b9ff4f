"""Start GPROChat: `python main.py --help` lists what it can do."""

from gui.app import main

if __name__ == "__main__":
    raise SystemExit(main())
