"""The desktop's proxy, as Qt finds it: Windows' and macOS's settings with their PAC files, libproxy elsewhere."""

from __future__ import annotations

from urllib.parse import quote


def desktop_proxy(url: str) -> str | None:
    """The first proxy for `url` as a URL, None for none. It needs no application, and may be slow."""
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))
    proxy = found[0] if found else QNetworkProxy()
    scheme = {
        QNetworkProxy.ProxyType.HttpProxy: "http",
        QNetworkProxy.ProxyType.HttpCachingProxy: "http",
        QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
    }.get(proxy.type())
    if scheme is None or not proxy.hostName():
        return None
    host = f"[{proxy.hostName()}]" if ":" in proxy.hostName() else proxy.hostName()
    login = f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@" if proxy.user() else ""
    return f"{scheme}://{login}{host}:{proxy.port()}"
