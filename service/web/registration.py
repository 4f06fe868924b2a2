"""The pages put together: blueprints, what templates may use, the error pages."""

from jinja2 import StrictUndefined

from service.auth.requests import EdgeApp, current_actor_or_none
from service.web import (
    accounts,
    api_docs,
    applications,
    articles,
    attachments,
    claims,
    demo_clocks,
    diagrams,
    editions,
    histories,
    home,
    ledger,
    notices,
    objections,
    operations,
    papers,
    people,
    registers,
    replacements,
    rounds,
    sanctions,
    standings,
    targets,
    texts,
    user_tasks,
)
from service.web.assets import entry
from service.web.forms import csrf_field, once_field
from service.web.layout import demo_time, navigation

BLUEPRINTS = (
    home,
    accounts,
    user_tasks,
    papers,
    applications,
    rounds,
    targets,
    standings,
    replacements,
    notices,
    objections,
    ledger,
    attachments,
    diagrams,
    histories,
    editions,
    people,
    sanctions,
    operations,
    claims,
    registers,
    demo_clocks,
    api_docs,
)


def register(app: EdgeApp) -> None:
    """Put the pages into the application."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.jinja_env.undefined = StrictUndefined  # A name that a template misspells fails the page's test.
    app.jinja_env.globals.update(
        actor=current_actor_or_none,
        csrf_field=csrf_field,
        demo_time=demo_time,
        entry=entry,
        navigation=navigation,
        once_field=once_field,
    )
    app.jinja_env.globals.update(articles.FUNCTIONS)
    app.jinja_env.filters.update(texts.FILTERS | articles.FILTERS)
