"""The receiver of webhooks, and the secret in its address."""
