"""The web process: webhook deliveries and health."""
