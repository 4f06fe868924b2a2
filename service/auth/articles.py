"""Who may read an edition's articles: who is signed in, and everybody once a list of it was published."""

from service.auth.errors import NotSignedIn
from service.auth.requests import current_actor_or_none, db
from service.domain import notices


def require_reader(edition_id: str) -> None:
    """NotSignedIn for a stranger, unless a public notice of the edition sends its readers to the articles."""
    if current_actor_or_none() is None and not notices.has_published(db(), edition_id):
        raise NotSignedIn
