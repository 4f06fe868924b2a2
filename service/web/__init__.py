"""The pages: Jinja templates, htmx, and islands built by Vite."""
