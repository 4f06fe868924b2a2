"""What authentication refuses. A docstring is the message that a person reads."""


class AuthError(Exception):
    """登录状态有误，请重新登录。"""

    status = 401
    code = "not_signed_in"

    field = ""
    """The field of the form that it is about, if it is about one."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())

    @property
    def message(self) -> str:
        return str(self)


class NotSignedIn(AuthError):
    """请先登录，再进行这项操作。"""


class SignInRefused(AuthError):
    """账号或密码不正确，请检查后再试。"""

    code = "sign_in_refused"


class SignInBlocked(AuthError):
    """登录失败次数过多，请稍后再试。"""

    status = 429
    code = "sign_in_blocked"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"登录失败次数过多，请在 {max(1, -(-seconds // 60))} 分钟后再试。")
        self.seconds = seconds


class FilingBlocked(AuthError):
    """从您的网络提交的次数过多，请稍后再试。"""

    status = 429
    code = "filing_blocked"

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(f"从您的网络提交的次数过多，这次没有保存，请在 {minutes} 分钟后再试。")


class WrongPassword(AuthError):
    """原密码不正确，请检查后再试。"""

    status = 422
    code = "wrong_password"
    field = "old"


class WeakPassword(AuthError):
    """密码太弱，请换一个更长的密码。"""

    status = 422
    code = "weak_password"
    field = "new"


class BadCsrfToken(AuthError):
    """页面已经过期，这次提交没有保存。请返回上一页，刷新后再提交。"""

    status = 403
    code = "bad_csrf_token"


class RoleMissing(AuthError):
    """您没有进行这项操作的权限。"""

    status = 403
    code = "forbidden"
