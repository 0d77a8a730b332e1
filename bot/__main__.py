"""``python -m bot`` is ``papergate``, also where only the dependencies are installed."""

from bot.cli import main

if __name__ == "__main__":
    main()
