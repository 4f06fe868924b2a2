"""Who it is: passwords, sign-ins, sessions, CSRF, and what every route declares about its access."""
