"""The adapter for `requests` whose connections have a total time."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager
from urllib3.util.retry import Retry

from bot.http.connections import Connections


class BoundedAdapter(HTTPAdapter):
    """Sends requests over ``connections``, also through a proxy."""

    def __init__(self, connections: Connections, max_retries: Retry | int = 0) -> None:
        self._connections = connections
        super().__init__(max_retries=max_retries)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools for direct connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._connections.pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        """Return the pools for connections through ``proxy``."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._connections.pools
        return manager
