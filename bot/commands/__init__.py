"""The subcommands of ``papergate``, one module each, loaded when they are used."""
