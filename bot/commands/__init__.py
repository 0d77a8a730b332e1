"""The subcommands of ``papergate``, one module each, imported when they run."""
