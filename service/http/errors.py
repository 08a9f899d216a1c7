"""Errors as documents: which kind, in the words of the tree of errors, and why."""

from collections.abc import Mapping
from traceback import format_exception

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...aio.log import logger
from ...domain.model.errors import ConfigurationError, StoreError, TrueupError
from ..running import NotRunning

_STATUSES: Mapping[type[TrueupError], int] = {
    ConfigurationError: 422,
    NotRunning: 503,
    StoreError: 503,
}


def error_document(kind: str, message: str) -> dict[str, dict[str, str]]:
    """The body of an answer that refuses or failed."""
    return {"error": {"kind": kind, "message": message}}


def show_error(request: Request, error: Exception) -> Response:
    """The answer to a request that raised an error of trueup."""
    del request
    status = next((code for kind, code in _STATUSES.items() if isinstance(error, kind)), 500)
    return JSONResponse(error_document(type(error).__name__, str(error)), status)


def show_defect(request: Request, error: Exception) -> Response:
    """The answer to a request that met a defect of trueup; the log has its traceback."""
    logger.error("{} failed: {}", request.url.path, "".join(format_exception(error)))
    why = "a defect of trueup, please report it: the log of the service says more"
    return JSONResponse(error_document("InternalError", why), 500)
