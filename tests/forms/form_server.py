"""A server of one page: the built form island under the product's strict policy, drafts in memory."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template_string, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import WSGIRequestHandler, make_server

from service.domain import forms
from service.domain.forms import Compiled, Problem

STATIC = Path(__file__).parents[2] / "service/web/static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{{ island.title }}</title><link rel="icon" href="data:,">
  {%- for style in styles %}<link rel="stylesheet" href="/static/dist/{{ style }}">{% endfor %}
  {%- for script in scripts %}<script type="module" src="/static/dist/{{ script }}"></script>{% endfor %}
</head>
<body><main><div class="container-xl">
  <h1>填写表单</h1><h2>{{ island.title }}</h2>
  <div data-form="{{ island.form }}" data-submit="#complete">
    <script type="application/json">{{ island|tojson }}</script>
  </div>
  <form id="complete" method="post" action="/complete">
    <button class="btn btn-primary" name="decision" value="submit">提交</button>
  </form>
</div></main></body>
</html>"""


class FormServer:
    """What the page of a user task does with one form, without the rest of the product."""

    def __init__(self, compiled: Compiled, content: dict[str, Any] | None = None) -> None:
        self.compiled = compiled
        self.content: Any = content or {}
        self.version = 0
        self.refusal: tuple[int, str] | None = None
        """Status and message with which the next saves are refused."""
        self.busy = 0.0
        """Seconds that a save takes."""
        self.completed: list[dict[str, Any]] = []
        self.url = ""

    def problems(self) -> list[Problem]:
        return forms.validate(self.compiled, forms.clean(self.compiled, self.content))

    def app(self) -> Flask:
        app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
        app.add_url_rule("/", view_func=lambda: self.page(()), endpoint="page")
        app.add_url_rule("/draft", view_func=self.save, methods=["PUT"])
        app.add_url_rule("/files", view_func=self.upload, methods=["POST"])
        app.add_url_rule("/complete", view_func=self.complete, methods=["POST"])
        app.after_request(_with_policy)
        return app

    def page(self, problems: Any) -> str:
        island = forms.island(self.compiled, self.content, version=self.version, problems=problems)
        island |= {
            "csrf": "token",
            "urls": {"draft": "/draft", "upload": "/files", "file": "/files/{sha256}"},
        }
        manifest = json.loads((STATIC / "dist/.vite/manifest.json").read_text())
        chunks = [manifest["src/base.js"], manifest["src/form/main.js"]]
        return render_template_string(
            PAGE,
            island=island,
            styles=[style for chunk in chunks for style in chunk.get("css", ())],
            scripts=[chunk["file"] for chunk in chunks],
        )

    def save(self) -> ResponseReturnValue:
        assert request.headers["X-CSRF-Token"] == "token"
        time.sleep(self.busy)
        if self.refusal:
            return jsonify(message=self.refusal[1]), self.refusal[0]
        sent = request.get_json()
        if sent["version"] != self.version:
            return jsonify(message="草稿已由李敏于2018年3月1日 10:00修改。"), 409
        self.content, self.version = sent["content"], self.version + 1
        problems = [asdict(problem) for problem in self.problems()]
        return jsonify(version=self.version, saved_at="2018-03-01T02:00:00+00:00", problems=problems)

    def upload(self) -> ResponseReturnValue:
        file = request.files["file"]
        body = file.read()
        if not body:
            return jsonify(message=f"文件“{file.filename}”没有收下：它是空的。"), 422
        return jsonify(name=file.filename, size=len(body), sha256=hashlib.sha256(body).hexdigest())

    def complete(self) -> ResponseReturnValue:
        problems = self.problems()
        if any(problem.severity == "error" for problem in problems):
            return self.page(problems), 422
        self.completed.append({"decision": request.form["decision"], "content": self.content})
        return "<!doctype html><html lang='zh-CN'><title>已提交</title><h1>已提交</h1></html>"


def _with_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


class _Quiet(WSGIRequestHandler):
    def log_request(self, *args: Any) -> None:
        """Nothing: a test's output is the test's."""


@contextmanager
def running(server: FormServer) -> Iterator[FormServer]:
    """The server at a port of its own, until the block ends."""
    listening = make_server("127.0.0.1", 0, server.app(), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{listening.server_port}/"
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
