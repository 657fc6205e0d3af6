"""HTTP: the Runware client, downloads, uploads, proxies, and what may be shown of an answer."""
