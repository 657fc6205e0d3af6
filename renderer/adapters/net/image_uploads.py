"""Frame images on their way to the provider: checked, inline when small, else uploaded once."""

import asyncio
import base64
import hashlib
import io
from collections.abc import Callable, Mapping
from decimal import Decimal

from renderer.adapters.clock import Clock
from renderer.adapters.journal.journal import Journal
from renderer.adapters.net.client import Client
from renderer.catalog.video_model import ImageLimits
from renderer.errors import InputError, NetworkError, ProviderError, RendererError
from renderer.expand.frame_links import SOURCE
from renderer.render.answers.calls import Answered, Call
from renderer.render.backoff import Pace
from renderer.render.order import Order
from renderer.render.task_uuid import task_uuid

INLINE_LIMIT = 256 * 1024  # bytes of a file that is sent within the request
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_UPLOADS = 4  # tries


class ImageUploads:
    """Turns "sha256:<hex>" references of an order into what its request carries.

    `load` reads the file of a reference (reference, project path); `limits` are a model's.
    """

    def __init__(  # noqa: PLR0913 - the ports of one adapter
        self,
        load: Callable[[str, str], bytes],
        client: Client,
        journal: Journal,
        clock: Clock,
        pace: Pace,
        *,
        lineage: str,
        limits: Callable[[str], ImageLimits],
        inline_limit: int = INLINE_LIMIT,
    ) -> None:
        self._load = load
        self._client = client
        self._journal = journal
        self._clock = clock
        self._pace = pace
        self._lineage = lineage
        self._limits = limits
        self._inline_limit = inline_limit
        self._uploading: dict[str, asyncio.Lock] = {}

    async def images(self, order: Order) -> Mapping[str, str]:
        """Return what stands for each reference of the order.

        Raises InputError for a file that is not what was planned or not what is taken, and
        ProviderError or NetworkError when it cannot be uploaded.
        """
        return {ref: await self._image(ref, path, order) for ref, path in order.files.items()}

    def forget(self, order: Order) -> None:
        """Forget the uploads that an order used: the provider has lost one of them."""
        for reference in order.files:
            self._journal.uploaded(reference, None)

    async def _image(self, reference: str, path: str, order: Order) -> str:
        known = self._journal.media(reference)
        if known:
            return known
        data = self._load(reference, path)
        # A frame of a take is named by the take, which the store has checked.
        named = path.startswith(SOURCE)
        if not named and "sha256:" + hashlib.sha256(data).hexdigest() != reference:
            raise InputError(f"{path}: the file changed since it was planned", "plan it again")
        limits = self._limits(str(order.request.get("model", "")))
        uri = _data_uri(data, check_image(data, path, limits))
        if len(data) <= self._inline_limit:
            return uri
        async with self._uploading.setdefault(reference, asyncio.Lock()):
            return self._journal.media(reference) or await self._upload(reference, path, uri)

    async def _upload(self, reference: str, path: str, uri: str) -> str:
        why = ""
        failed: type[RendererError] = NetworkError
        for attempt in range(1, _UPLOADS + 1):
            fingerprint = f"media {reference} {self._clock.wall()}"
            uuid = task_uuid(
                lineage=self._lineage, fingerprint=fingerprint, take=0, attempt=attempt
            )
            call = await self._client.upload(uuid, uri)
            media, why = _uploaded(call)
            if media:
                self._journal.uploaded(reference, media)
                return media
            failed = ProviderError if isinstance(call, Answered) else NetworkError
            await self._clock.sleep(self._pace.retry(attempt, self._clock.jitter()))
        raise failed(f"{path}: it could not be uploaded: {why}", "run it again later")


def check_image(data: bytes, path: str, limits: ImageLimits) -> str:
    """Return the MIME type of an image by its header; raise InputError for one not taken."""
    from PIL import Image, UnidentifiedImageError

    if len(data) > limits.max_bytes:
        raise InputError(f"{path}: it has {len(data):,} bytes", _limit(limits.max_bytes, "bytes"))
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_TYPES)) as image:
            kind, (width, height) = image.format or "", image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{path}: it is not a PNG, JPEG or WEBP image", "convert it") from error
    if not limits.min_side <= min(width, height) <= max(width, height) <= limits.max_side:
        raise InputError(
            f"{path}: it has {width}x{height} pixels",
            f"each side must have {limits.min_side} to {limits.max_side} pixels",
        )
    if not limits.min_ratio <= Decimal(width) / height <= limits.max_ratio:
        raise InputError(
            f"{path}: it has {width}x{height} pixels",
            f"width by height must lie between {limits.min_ratio} and {limits.max_ratio}",
        )
    return _TYPES[kind]


def _uploaded(call: Call) -> tuple[str, str]:
    """Return the media id, or why there is none."""
    if not isinstance(call, Answered):
        return "", call.why
    for item in call.answer.items:
        media = item.raw.get("mediaUUID")
        if isinstance(media, str) and media:
            return media[:200], ""
    errors = "; ".join(map(str, call.answer.errors))
    return "", errors or "the response has no media UUID"


def _data_uri(data: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def _limit(most: int, unit: str) -> str:
    return f"at most {most:,} {unit} are taken; make it smaller"
