"""The HTTP service: `mathlm serve`. `app.create_app` is the way in."""
