"""The pages for what went wrong."""

from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Refusal
from service.auth.requests import SAFE_METHODS, app, lent
from service.web.forms import ShowAgain

TITLES = {
    400: "无法识别的请求",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的操作",
    409: "情况已经改变",
    413: "内容太大",
    422: "有需要改正的地方",
    429: "请稍后再试",
}


def show_again(error: ShowAgain) -> ResponseReturnValue:
    """The form as it was filled in; the transaction that it failed in has been given up."""
    with app().database.read() as session, lent(session):
        return error.page(error.faults), error.status


def answer(refused: Refusal) -> ResponseReturnValue:
    """The page for an error."""
    if refused.status == 401 and request.method in SAFE_METHODS:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return page(refused), refused.status


def page(refused: Refusal) -> str:
    """One page for all of them; what was refused because of a change offers to look at it anew."""
    came_from = urlsplit(request.referrer or "")
    back = came_from.path if refused.status == 409 and came_from.netloc == request.host else ""
    title = TITLES.get(refused.status, "系统错误")
    with app().database.read() as session, lent(session):
        return render_template(
            "error.html",
            title=title,
            message=refused.message,
            faults=refused.faults,
            back=back,
            status=refused.status,
        )
